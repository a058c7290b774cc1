package io.balsa.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescriptorsTest {
  @Test
  void theSoftLimitCounts() {
    assertThat(
            Descriptors.softLimit("Max open files            256                  4096    files"))
        .isEqualTo(256);
    assertThat(Descriptors.softLimit("Max open files            unlimited            unlimited"))
        .isEqualTo(Integer.MAX_VALUE);
    assertThat(Descriptors.limit()).isGreaterThan(64);
  }
}
