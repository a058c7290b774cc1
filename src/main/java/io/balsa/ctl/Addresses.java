package io.balsa.ctl;

import io.balsa.bytes.HostPort;
import java.util.Arrays;
import java.util.List;

/** Addresses as etcdctl takes them: with or without {@code http://}. */
public final class Addresses {
  private Addresses() {}

  /** Reads a comma-separated list. */
  public static List<HostPort> list(String flag, String text) {
    return Arrays.stream(text.split(",", -1)).map(each -> one(flag, each.strip())).toList();
  }

  /** Reads one. */
  public static HostPort one(String flag, String text) {
    try {
      return HostPort.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw new BadInput(flag + ": " + wrong.getMessage());
    }
  }
}
