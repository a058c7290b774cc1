package io.balsa.routing;

/** What may be done after a request failed at one server. */
public final class RetryRule {
  private RetryRule() {}

  /** How it failed. */
  public enum Failure {
    /** The server is not there, or cannot serve anything now: gRPC's code Unavailable. */
    UNAVAILABLE,
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
   */
  public static Next after(Request request, Failure failure, boolean harmful) {
    return switch (failure) {
      case ANSWERED -> Next.TELL;
      case NOT_LEADER -> Next.NEW_LEADER;
      case UNAVAILABLE ->
          switch (request) {
            case Request.KeyRead _, Request.RangeRead _, Request.AtLeader _ -> Next.NEXT_TARGET;
            case Request.ToLeader _ -> harmful ? Next.TELL : Next.NEW_LEADER;
          };
    };
  }
}
