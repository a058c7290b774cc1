package io.balsa.ctl.cluster;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Sizes in powers of 1000, as etcdctl writes them: {@code 7 B}, {@code 20 kB}, {@code 2.1 GB}. */
final class DecimalSize {
  private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB", "PB", "EB");

  private DecimalSize() {}

  /** A size in bytes with two digits at least, and one decimal below 10. */
  static String text(long bytes) {
    if (bytes < 10) {
      return bytes + " B";
    }
    int unit = (String.valueOf(bytes).length() - 1) / 3;
    BigDecimal size =
        BigDecimal.valueOf(bytes).movePointLeft(3 * unit).setScale(1, RoundingMode.HALF_UP);
    boolean small = size.compareTo(BigDecimal.TEN) < 0;
    BigDecimal shown = small ? size : size.setScale(0, RoundingMode.HALF_EVEN);
    return shown + " " + UNITS.get(unit);
  }
}
