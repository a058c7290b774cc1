package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.host.FreePorts;
import io.balsa.house.SharesCores;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a server says that it is ready: scripts of etcd wait for that line before they ask it. */
@SharesCores
class ReadyServerTest {
  @TempDir private Path folder;

  @Test
  void theFirstOfTwoIsReadyWithTheSecondAndAnswersThen() throws Exception {
    List<Integer> ports = FreePorts.choose(2);
    try (ServerProcess first = start("a", ports.getFirst(), ports)) {
      first.await("listening for clients");
      first.await("there is no leader");
      assertThat(first.lines()).noneMatch(line -> line.contains("ready to serve"));
      try (ServerProcess second = start("b", ports.getLast(), ports)) {
        second.await("ready to serve client requests name=b");
        first.await("ready to serve client requests name=a");
        for (ServerProcess each : List.of(first, second)) {
          CommandRun read = CommandRun.of("get", "x", "--consistency=s", each.endpoint());
          assertThat(read.err()).isEmpty();
        }
      }
    }
  }

  private ServerProcess start(String name, int peerPort, List<Integer> ports) throws Exception {
    String peer = "http://127.0.0.1:" + peerPort;
    return ServerProcess.start(
        "",
        folder.resolve(name),
        "--name=" + name,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=a=http://127.0.0.1:%d,b=http://127.0.0.1:%d"
            .formatted(ports.getFirst(), ports.getLast()));
  }
}
