package io.balsa.cli;

import io.balsa.bytes.HostPort;
import java.util.Arrays;
import java.util.List;

/** Addresses as etcdctl takes them: with or without {@code http://}. */
final class Addresses {
  private Addresses() {}

  /** Reads a comma-separated list. */
  static List<HostPort> list(String flag, String text) {
    return Arrays.stream(text.split(",", -1)).map(each -> one(flag, each.strip())).toList();
  }

  /** Reads one. */
  static HostPort one(String flag, String text) {
    try {
      return HostPort.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw new BadInput(flag + ": " + wrong.getMessage());
    }
  }
}
