package io.balsa.routing;

/** Decides what follows after a request has failed at one server. */
public final class RetryRule {
  private RetryRule() {}

  /**
   * How often a sent read may break before the client gets the failure: the read may be what breaks
   * the servers.
   */
  private static final int READ_BREAKS_MAX = 2;

  /** How often a repeatable write may break. Each break may be the end of another leader. */
  private static final int WRITE_BREAKS_MAX = 4;

  /** How the request failed. */
  public enum Failure {
    /** The server is not reachable, or says that it cannot serve any request now. */
    UNAVAILABLE,
    /** The request was sent, and then the connection broke or the server became silent. */
    BROKEN,
    /** The request timed out at the server. Another server would take as long. */
    TIMED_OUT,
    /** The server did nothing, because it does not lead. */
    NOT_LEADER,
    /** The server answered with an error. Another server would answer the same. */
    ANSWERED
  }

  /** What the caller does next. */
  public enum Next {
    /** Send it to the next target. */
    NEXT_TARGET,
    /** Find the leader again, and send the request there. */
    NEW_LEADER,
    /** Report the failure to the client. */
    TELL
  }

  /**
   * Decides the next step.
   *
   * @param harmful whether the server may have received the request and would perform it a second
   *     time. Such a write is never sent again
   * @param breaks how often the request was {@link Failure#BROKEN}, this time included. A request
   *     that ends servers must not go from one server to the next
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
