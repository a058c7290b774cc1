package io.balsa.ctl.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts are those of go-humanize, which etcdctl prints. */
class DecimalSizeTest {
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
