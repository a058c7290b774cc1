package io.balsa.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.host.GrpcNetwork;
import io.balsa.logging.LogWatch;
import io.balsa.wal.MemoryDisk;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a start says that its caller cancels. */
@Timeout(60)
class CancelledStartTest {
  @TempDir private Path root;

  /** It has nothing to wait for, so the server runs, and ends as any other. */
  @Test
  void aStartWithoutAQuorumSaysNothingOfADamagedLog() throws Exception {
    try (LogWatch log = new LogWatch("")) {
      ServerSettings one = Loopback.cluster(root, 3).getFirst();
      try (BalsaServer server = BalsaServer.start(one, () -> true)) {
        assertThat(server.leader()).isZero();
      }
      assertThat(log.with("damaged")).isEmpty();
    }
  }

  @Test
  void aRepairThatIsCancelledIsNamed() {
    GrpcNetwork network = new GrpcNetwork(List.of(Loopback.ANY));
    ServerHost host = new ServerHost(new MemoryDisk(1), network, _ -> {}, _ -> {});
    NodeStart start = new NodeStart(host, () -> true);
    try (LogWatch log = new LogWatch("io.balsa.server")) {
      start.repairing("log segment 1 is damaged");
      assertThat(log.with("the log is damaged and being repaired")).hasSize(1);
      assertThatThrownBy(start::await)
          .isInstanceOfSatisfying(ServerFailure.class, e -> assertThat(e.isAsked()).isTrue())
          .hasMessage("ended as asked, before its damaged log was repaired");
    } finally {
      host.end(1_000);
      network.close();
    }
  }
}
