package io.balsa.ctl.cluster;

import io.balsa.ctl.BadInput;

/** Ids of members as etcdctl takes them: hexadecimal. */
final class MemberId {
  private MemberId() {}

  static long parse(String text) {
    try {
      return Long.parseUnsignedLong(text, 16);
    } catch (NumberFormatException _) {
      throw new BadInput(
          "'%s' is no member id in hexadecimal; see 'balsa member list'".formatted(text));
    }
  }

  /** As the simple form of etcdctl writes it. */
  static String padded(long id) {
    return "%16x".formatted(id);
  }
}
