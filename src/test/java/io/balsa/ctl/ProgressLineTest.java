package io.balsa.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PrintStream terminal = new PrintStream(out, true, StandardCharsets.UTF_8);

  @Test
  void onATerminalTheLineIsOverwrittenAndClearedAtTheEnd() {
    try (ProgressLine line = new ProgressLine("filling", terminal, true)) {
      line.show();
      line.accept("measuring");
      line.show();
    }

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("\r\033[Kfilling, 0 s\r\r\033[Kmeasuring, 0 s\r\r\033[K");
  }

  @Test
  void elsewhereNothingIsShown() {
    try (ProgressLine line = new ProgressLine("filling", terminal, false)) {
      line.show();
    }

    assertThat(out.size()).isZero();
  }
}
