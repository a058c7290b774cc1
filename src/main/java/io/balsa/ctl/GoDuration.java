package io.balsa.ctl;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration in Go's form, which etcd's flags use: {@code 10m}, {@code 1h30m}, {@code 100ms}. */
public final class GoDuration {
  private static final Pattern WHOLE = Pattern.compile("(\\d{1,9}(ms|s|m|h))+");
  private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private GoDuration() {}

  /** Reads the value of a flag. */
  public static Duration parse(String flag, String text) {
    if (!WHOLE.matcher(text).matches()) {
      throw new BadInput(flag + ": '" + text + "' is not a time such as 30s, 10m or 1h30m");
    }
    Duration sum = Duration.ZERO;
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      sum = sum.plus(part(Long.parseLong(parts.group(1)), parts.group(2)));
    }
    return sum;
  }

  private static Duration part(long count, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }
}
