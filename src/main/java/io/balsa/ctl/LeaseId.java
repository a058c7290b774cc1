package io.balsa.ctl;

/** Ids of leases as etcdctl writes them: sixteen hexadecimal digits. */
public final class LeaseId {
  private LeaseId() {}

  /**
   * Reads one.
   *
   * @param what the option or parameter it was given for
   */
  public static long parse(String what, String text) {
    try {
      return Long.parseUnsignedLong(text, 16);
    } catch (NumberFormatException _) {
      throw new BadInput(
          "%s: '%s' is not the id of a lease; 'balsa lease list' shows them".formatted(what, text));
    }
  }
}
