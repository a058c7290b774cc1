package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MainTest {
  @Test
  void anUnknownCommandIsABadCommandLine() {
    assertThat(Main.execute("frobnicate")).isEqualTo(2);
  }
}
