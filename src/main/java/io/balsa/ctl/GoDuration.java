package io.balsa.ctl;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A duration in Go's form, which etcd's flags use: {@code 10m}, {@code 1h30m}, {@code 1.5s}, {@code
 * 0}. Units are ns, us, ms, s, m and h. There is no sign.
 */
public final class GoDuration {
  private static final String NUMBER =
      "(\\d{1,18}(?:\\.\\d{0,9})?|\\.\\d{1,9})(ns|us|µs|μs|ms|s|m|h)";
  private static final Pattern PART = Pattern.compile(NUMBER);
  private static final Pattern WHOLE = Pattern.compile("(" + NUMBER + ")+");

  private GoDuration() {}

  /** Reads the value of a flag. */
  public static Duration parse(String flag, String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (!WHOLE.matcher(text).matches()) {
      throw new BadInput(flag + ": '" + text + "' is not a time such as 30s, 10m or 1h30m");
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(nanosOf(parts.group(2))));
    }
    if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new BadInput(flag + ": '" + text + "' is longer than 292 years");
    }
    return Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact());
  }

  /** Writes a duration as Go does: {@code 1h2m3.5s}, {@code 12.5ms}, {@code 7µs}. */
  public static String text(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos < 1_000) {
      return nanos == 0 ? "0s" : nanos + "ns";
    }
    if (nanos < 1_000_000) {
      return decimal(nanos, 3) + "µs";
    }
    if (nanos < 1_000_000_000) {
      return decimal(nanos, 6) + "ms";
    }
    long hours = duration.toHours();
    long minutes = duration.toMinutesPart();
    String before = hours > 0 ? hours + "h" + minutes + "m" : minutes > 0 ? minutes + "m" : "";
    return before + decimal(nanos % 60_000_000_000L, 9) + "s";
  }

  private static String decimal(long nanos, int places) {
    BigDecimal number = BigDecimal.valueOf(nanos, places);
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  private static BigDecimal nanosOf(String unit) {
    long nanos =
        switch (unit) {
          case "ns" -> 1;
          case "us", "µs", "μs" -> 1_000;
          case "ms" -> 1_000_000;
          case "s" -> 1_000_000_000;
          case "m" -> 60_000_000_000L;
          default -> 3_600_000_000_000L;
        };
    return BigDecimal.valueOf(nanos);
  }
}
