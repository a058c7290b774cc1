package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.systemd.NotifyReceiver;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that systemd starts, stops, and starts again after a kill. */
class UnderSystemdTest {
  @TempDir Path folder;

  @Test
  void aServerIsReadyWorksAndStops() throws Exception {
    String socket = folder.resolve("notify").toString();
    String environment = "export NOTIFY_SOCKET=" + socket + " WATCHDOG_USEC=1000000;";
    Path data = folder.resolve("data");
    try (NotifyReceiver systemd = NotifyReceiver.at(socket)) {
      try (ServerProcess server = ServerProcess.start(environment, data, "--name=m1")) {
        systemd.await("READY=1");
        assertThat(systemd.lines())
            .startsWith("STATUS=starting with the data in " + data)
            .anyMatch(line -> line.matches("STATUS=member m1, leader in term \\d+"));
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
  }

  /** As etcd's, though it knows no server yet. */
  @Test
  void aProxyIsReadyWhenItListens() throws Exception {
    String socket = folder.resolve("notify").toString();
    String environment = "export NOTIFY_SOCKET=" + socket + " WATCHDOG_USEC=1000000;";
    try (NotifyReceiver systemd = NotifyReceiver.at(socket);
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
