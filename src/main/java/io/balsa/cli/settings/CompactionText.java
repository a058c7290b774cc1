package io.balsa.cli.settings;

import io.balsa.ctl.BadInput;
import io.balsa.server.ServerSettingsBuilder;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** etcd's forms of {@code --auto-compaction-retention}. */
final class CompactionText {
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|h|m|s)");

  /** How much history is kept when nothing is given. */
  static final String DEFAULT = "1h";

  private CompactionText() {}

  /** Sets how much history to keep. A number alone is hours in mode {@code periodic}. */
  static void apply(ServerSettingsBuilder settings, String mode, @Nullable String given) {
    if (given == null && mode.equals("revision")) {
      throw new BadInput(
          "--auto-compaction-mode=revision needs --auto-compaction-retention, a number of"
              + " revisions");
    }
    String retention = given == null ? DEFAULT : given;
    boolean number = retention.matches("\\d{1,15}|0+");
    if (mode.equals("revision")) {
      if (!number) {
        throw bad(retention, "a number of revisions");
      }
      settings.keepRevisions(Long.parseLong(retention));
    } else {
      long millis = number ? millis(retention + "h") : millis(retention);
      settings.keepHistory(Duration.ofMillis(millis));
    }
  }

  private static long millis(String time) {
    Matcher part = PART.matcher(time);
    double millis = 0;
    int at = 0;
    while (part.find() && part.start() == at) {
      millis += Double.parseDouble(part.group(1)) * unitMillis(part.group(2));
      at = part.end();
    }
    if (at != time.length() || at == 0) {
      throw bad(time, "a number of hours or a time such as 30m or 1h30m");
    }
    return (long) millis;
  }

  private static long unitMillis(String unit) {
    return switch (unit) {
      case "h" -> 3_600_000;
      case "m" -> 60_000;
      case "s" -> 1_000;
      default -> 1;
    };
  }

  private static BadInput bad(String text, String wanted) {
    return new BadInput("--auto-compaction-retention: '%s' is not %s".formatted(text, wanted));
  }
}
