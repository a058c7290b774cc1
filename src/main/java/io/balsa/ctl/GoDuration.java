package io.balsa.ctl;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A duration in Go's form, which etcd's flags use: {@code 10m}, {@code 1h30m}, {@code 1.5s}. Units
 * are ns, us, ms, s, m and h.
 */
public final class GoDuration {
  private static final String ONE = "(\\d{1,9}(?:\\.\\d{0,9})?|\\.\\d{1,9})(ns|us|µs|μs|ms|s|m|h)";
  private static final Pattern WHOLE = Pattern.compile("(" + ONE + ")+|0");
  private static final Pattern PART = Pattern.compile(ONE);

  private GoDuration() {}

  /** Reads the value of a flag. */
  public static Duration parse(String flag, String text) {
    if (!WHOLE.matcher(text).matches()) {
      throw new BadInput(flag + ": '" + text + "' is not a time such as 30s, 10m or 1h30m");
    }
    Duration sum = Duration.ZERO;
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      sum = sum.plus(part(new BigDecimal(parts.group(1)), parts.group(2)));
    }
    return sum;
  }

  private static Duration part(BigDecimal count, String unit) {
    Duration one =
        switch (unit) {
          case "ns" -> Duration.ofNanos(1);
          case "us", "µs", "μs" -> Duration.ofNanos(1_000);
          case "ms" -> Duration.ofMillis(1);
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          default -> Duration.ofHours(1);
        };
    return Duration.ofNanos(count.multiply(BigDecimal.valueOf(one.toNanos())).longValue());
  }
}
