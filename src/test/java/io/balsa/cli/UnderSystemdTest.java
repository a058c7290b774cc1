package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.host.FreePorts;
import io.balsa.house.SharesCores;
import io.balsa.systemd.NotifyReceiver;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that systemd starts, stops, and starts again after a kill. */
@SharesCores
class UnderSystemdTest {
  /** What etcd's own unit sets, with only the program's name changed. */
  private static final String ETCD =
      """
      Type=notify
      Environment=ETCD_DATA_DIR=/var/lib/etcd
      Environment=ETCD_NAME=%m
      ExecStart=balsa server
      """;

  /** What Debian's unit sets. */
  private static final String DEBIAN =
      """
      Type=notify
      Environment=DAEMON_ARGS=
      Environment=ETCD_NAME=%H
      Environment=ETCD_DATA_DIR=/var/lib/etcd/default
      ExecStart=balsa server $DAEMON_ARGS
      """;

  @TempDir Path folder;

  private String socket() {
    return folder.resolve("notify").toString();
  }

  /** The variables that systemd gives to the program, and a watchdog of one second. */
  private String environment(String unit) {
    return unit.lines()
        .filter(line -> line.startsWith("Environment="))
        .map(line -> line.substring("Environment=".length()))
        .map(line -> line.replace("%m", "machine").replace("%H", "host"))
        .map(line -> line.replace("/var/lib/etcd", folder.resolve("etcd").toString()))
        .collect(
            Collectors.joining(
                " ", "export NOTIFY_SOCKET=" + socket() + " WATCHDOG_USEC=1000000 ", ";"));
  }

  /** The program of a unit, at free ports as /etc/default/etcd may set them. */
  private ServerProcess start(String unit) throws Exception {
    List<Integer> ports = FreePorts.choose(2);
    String client = "http://127.0.0.1:" + ports.getFirst();
    String peer = "http://127.0.0.1:" + ports.getLast();
    String addresses =
        " export ETCD_LISTEN_CLIENT_URLS=%s ETCD_ADVERTISE_CLIENT_URLS=%s ETCD_LISTEN_PEER_URLS=%s;"
            .formatted(client, client, peer);
    String before = environment(unit) + addresses;
    return ServerProcess.startAlone(before, ports.getFirst());
  }

  @Test
  void withTheUnitOfEtcdAServerIsReadyComesBackAndStops() throws Exception {
    try (NotifyReceiver systemd = NotifyReceiver.at(socket());
        ServerProcess server = start(ETCD)) {
      systemd.await("READY=1");
      assertThat(systemd.lines())
          .startsWith("STATUS=starting with the data in " + folder.resolve("etcd"))
          .anyMatch(line -> line.matches("STATUS=member machine, leader in term \\d+"));
      systemd.await("WATCHDOG=1");
      server.kill();
      systemd.clear();
      try (ServerProcess again = server.again()) {
        systemd.await("READY=1");
        again.terminate();
        systemd.await("STOPPING=1");
        assertThat(again.exitCode()).isZero();
      }
    }
  }

  @Test
  void withTheUnitOfDebianAServerIsReadyAndStops() throws Exception {
    try (NotifyReceiver systemd = NotifyReceiver.at(socket());
        ServerProcess server = start(DEBIAN)) {
      systemd.await("READY=1");
      assertThat(folder.resolve("etcd/default")).isNotEmptyDirectory();
      server.terminate();
      systemd.await("STOPPING=1");
      assertThat(server.exitCode()).isZero();
    }
  }

  /** As etcd's, though it knows no server yet. */
  @Test
  void aProxyIsReadyWhenItListens() throws Exception {
    String environment = "export NOTIFY_SOCKET=" + socket() + " WATCHDOG_USEC=1000000;";
    try (NotifyReceiver systemd = NotifyReceiver.at(socket());
        ServerProcess proxy = ServerProcess.startProxy(environment, "127.0.0.1:1")) {
      systemd.await("READY=1");
      systemd.await("STATUS=proxy at 127.0.0.1:" + proxy.port() + ", no leader known");
      systemd.await("WATCHDOG=1");
      proxy.terminate();
      systemd.await("STOPPING=1");
      assertThat(proxy.exitCode()).isZero();
    }
  }
}
