package io.balsa.verify;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows which servers send a requested progress notification in order with the events. Older ones
 * of etcd may send it before earlier events (etcd issue 15220, fixed in 3.4.25 and 3.5.8).
 */
final class ProgressOrder {
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

  private ProgressOrder() {}

  /** Whether a server of this version does; false when the version cannot be read. */
  static boolean isKept(String version) {
    Matcher parts = VERSION.matcher(version);
    if (!parts.matches()) {
      return false;
    }
    int major = Integer.parseInt(parts.group(1));
    int minor = Integer.parseInt(parts.group(2));
    int patch = Integer.parseInt(parts.group(3));
    if (major != 3) {
      return major > 3;
    }
    return switch (minor) {
      case 0, 1, 2, 3 -> false;
      case 4 -> patch >= 25;
      case 5 -> patch >= 8;
      default -> true;
    };
  }
}
