package io.balsa.model;

/**
 * The payload of a log entry: a command, and the ids of its request and its client.
 *
 * @param request the request's id, unique in the cluster
 * @param write the client's own name for it when the client wants its result remembered
 * @param user the user that asks, when users are known; empty otherwise
 * @param authRevision the revision of the permissions under which the request was let in; 0 for
 *     none
 * @param command what to do
 */
public record Envelope(
    RequestId request, WriteId write, String user, long authRevision, Command command) {
  /**
   * A request's id.
   *
   * @param origin the member that took it from its client
   * @param boot that member's start, so that an id is never used twice
   * @param sequence that start's number for it
   */
  public record RequestId(long origin, long boot, long sequence) {}

  /** A command under the name that its client gave it. */
  public static Envelope of(RequestId request, WriteId write, Command command) {
    return new Envelope(request, write, "", 0, command);
  }

  /** A command of a client that sent no name for it. */
  public static Envelope of(RequestId request, Command command) {
    return new Envelope(request, WriteId.NONE, "", 0, command);
  }
}
