package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import io.balsa.server.BalsaServer;
import io.balsa.server.ServerFailure;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A quota over a real server, filled and freed without a restart. */
@SharesCores
class QuotaOnDiskTest {
  private static final Path FOLDER = Path.of("target", "quota-test");
  private static final String VALUE = "v".repeat(100_000);

  private BalsaServer server;
  private String endpoint;

  @BeforeEach
  void start() throws IOException, ServerFailure {
    TestFolders.delete(FOLDER);
    server = BalsaServer.start(OnLoopback.settings(FOLDER, "--quota-backend-bytes=1000000"));
    endpoint = OnLoopback.endpoint(server);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    TestFolders.delete(FOLDER);
  }

  @Test
  void aFullStoreIsFreedByACompaction() {
    CommandRun put = CommandRun.of("put", "same", VALUE, endpoint);
    for (int puts = 0; put.exitCode() == 0; puts++) {
      assertThat(puts).as("puts that fit, once the leader has told its quota").isLessThan(10_000);
      put = CommandRun.of("put", "same", VALUE, endpoint);
    }
    assertThat(put.err()).contains("etcdserver: mvcc: database space exceeded");
    assertThat(CommandRun.of("put", "small", "1", endpoint).err()).contains("space exceeded");

    CommandRun deleted = CommandRun.of("del", "same", "-w", "json", endpoint);
    assertThat(deleted.exitCode()).isZero();
    String revision = deleted.out().replaceFirst("(?s).*\"revision\":(\\d+).*", "$1");
    assertThat(CommandRun.of("compact", revision, "--physical", endpoint).exitCode()).isZero();

    assertThat(CommandRun.of("put", "same", VALUE, endpoint).out()).isEqualTo("OK\n");
  }
}
