package io.balsa.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DescriptorSharesTest {
  private static final long HEAP = 256L << 20;

  @Test
  void whereThereArePlentyTheHeapBoundsConnections() throws ServerFailure {
    DescriptorShares shares = DescriptorShares.ofServer(20_000, HEAP, 8, 3);
    assertThat(shares.storeFiles()).isEqualTo(512);
    assertThat(shares.connections()).isEqualTo(4_096);
    assertThat(shares.areFew()).isFalse();
    assertThat(DescriptorShares.ofServer(1 << 20, 16 * HEAP, 8, 3).connections()).isEqualTo(10_000);
  }

  @Test
  void aServerWithFewWorksForFewClientsAndSaysSo() throws ServerFailure {
    DescriptorShares shares = DescriptorShares.ofServer(256, HEAP, 8, 3);
    assertThat(shares.storeFiles()).isEqualTo(24);
    assertThat(shares.connections()).isEqualTo(48);
    assertThat(shares.line())
        .isEqualTo(
            "only 256 files may be open in this process: clients may have 48 connections;"
                + " raise the limit (ulimit -n, or LimitNOFILE= of systemd) for more");
  }

  @Test
  void whatAllHaveTogetherIsNeverMoreThanThereIs() throws ServerFailure {
    for (int limit = 220; limit < 20_000; limit += 13) {
      DescriptorShares shares = DescriptorShares.ofServer(limit, 64 * HEAP, 8, 3);
      assertThat(shares.connections()).isPositive();
      assertThat(160 + 2 * shares.storeFiles() + shares.connections()).isLessThanOrEqualTo(limit);
    }
  }

  @Test
  void whatCannotWorkDoesNotBegin() {
    assertThatThrownBy(() -> DescriptorShares.ofServer(64, HEAP, 8, 3))
        .isInstanceOf(ServerFailure.class)
        .hasMessageContaining("only 64 files may be open in this process, and it needs 216");
    assertThatThrownBy(() -> DescriptorShares.ofProxy(64, HEAP, 3))
        .isInstanceOf(ServerFailure.class);
  }

  @Test
  void aProxyHasNoStore() throws ServerFailure {
    assertThat(DescriptorShares.ofProxy(256, HEAP, 3).connections()).isEqualTo(112);
  }
}
