package io.balsa.routing;

/** What may be done after a request failed at one server. */
public final class RetryRule {
  private RetryRule() {}

  /** A read breaks this often after it was sent; then it is told, as it may be what breaks them. */
  private static final int READ_BREAKS_MAX = 2;

  /** So often does a write that is done once break; each may be another leader's death. */
  private static final int WRITE_BREAKS_MAX = 4;

  /** How it failed. */
  public enum Failure {
    /** The server is not there, or says that it cannot serve anything now. */
    UNAVAILABLE,
    /** It was sent, and then the connection broke or the server fell silent. */
    BROKEN,
    /** The server tried for as long as it may; another would take as long. */
    TIMED_OUT,
    /** The server did nothing, for it does not lead. */
    NOT_LEADER,
    /** The server's answer to the request: another server's would be the same. */
    ANSWERED
  }

  /** What comes next. */
  public enum Next {
    /** Send it to the next target. */
    NEXT_TARGET,
    /** Find the leader anew and send it there. */
    NEW_LEADER,
    /** Tell the client. */
    TELL
  }

  /**
   * Decides.
   *
   * @param harmful whether the server may have seen the request, and would do it a second time if
   *     it came again. A write of which this is true is never sent again: twice is not once
   * @param breaks how often it has been {@link Failure#BROKEN}, this time included. A request that
   *     ends servers must not be carried from one to the next
   */
  public static Next after(RequestKind request, Failure failure, boolean harmful, int breaks) {
    return switch (failure) {
      case ANSWERED -> Next.TELL;
      case NOT_LEADER -> Next.NEW_LEADER;
      case UNAVAILABLE, BROKEN, TIMED_OUT ->
          switch (request) {
            case RequestKind.KeyRead _, RequestKind.RangeRead _, RequestKind.LeaderPreferred _ ->
                failure != Failure.TIMED_OUT && breaks < READ_BREAKS_MAX
                    ? Next.NEXT_TARGET
                    : Next.TELL;
            case RequestKind.LeaderOnly _ ->
                harmful || breaks >= WRITE_BREAKS_MAX ? Next.TELL : Next.NEW_LEADER;
          };
    };
  }
}
