package io.balsa.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts are those of Go's time.Duration and of go-humanize, which etcdctl prints. */
class GoTextsTest {
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

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "9, 9 B",
    "10, 10 B",
    "999, 999 B",
    "1000, 1.0 kB",
    "1050, 1.1 kB",
    "9949, 9.9 kB",
    "9950, 10 kB",
    "20480, 20 kB",
    "16384, 16 kB",
    "999999, 1000 kB",
    "2147483648, 2.1 GB",
    "8589934592, 8.6 GB",
    "9223372036854775807, 9.2 EB",
  })
  void aSizeIsWrittenAsEtcdctlDoes(long bytes, String text) {
    assertThat(DecimalSize.text(bytes)).isEqualTo(text);
  }
}
