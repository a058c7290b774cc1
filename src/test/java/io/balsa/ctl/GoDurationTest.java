package io.balsa.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts are those of Go's time.Duration. */
class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "7, 7ns",
    "1500, 1.5µs",
    "6493384, 6.493384ms",
    "2000000, 2ms",
    "1000000000, 1s",
    "5002007098, 5.002007098s",
    "60000000000, 1m0s",
    "3723500000000, 1h2m3.5s",
    "3600000000000, 1h0m0s",
  })
  void aDurationIsWrittenAsGoDoes(long nanos, String text) {
    assertThat(GoDuration.text(Duration.ofNanos(nanos))).isEqualTo(text);
    assertThat(GoDuration.parse("--time", text)).isEqualTo(Duration.ofNanos(nanos));
  }
}
