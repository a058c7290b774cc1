package io.balsa.node.peers;

import io.balsa.logging.LogEvent;

/** The log line for a member and this server that do not accept each other. */
final class MutualRefusal {
  private static final LogEvent FLAGS =
      LogEvent.warn(
          "io.balsa.node",
          "a member and this server refuse each other",
          "compare --initial-cluster and --initial-cluster-token on both");

  private static final LogEvent DATA =
      LogEvent.warn(
          "io.balsa.node",
          "a member and this server refuse each other because of a data directory",
          "start the refused one with its own data directory; when that is lost, restore every member from a backup of one of them");

  /** Stands before what the member said. */
  private static final String BY_MEMBER = "refused: ";

  private MutualRefusal() {}

  /**
   * Logs it.
   *
   * @param reason a failure of a link to the member; what the member said begins with "refused: "
   */
  static void log(String member, long id, String address, String reason) {
    boolean byMember = reason.startsWith(BY_MEMBER);
    LogEvent event = reason.contains("data directory") ? DATA : FLAGS;
    event.log(
        "member",
        member,
        "member-id",
        Long.toHexString(id),
        "address",
        address,
        "refused",
        byMember ? "this server" : "the member",
        "reason",
        byMember ? reason.substring(BY_MEMBER.length()) : reason);
  }

  /** The prefix for what a member said. */
  static String byMember(String said) {
    return BY_MEMBER + said;
  }
}
