package io.balsa.model;

/**
 * The payload of a log entry: a command, and the ids of its request and its client.
 *
 * @param request the request's id, unique in the cluster
 * @param write the client's own name for it when the client wants its result remembered
 * @param caller who asks
 * @param command what to do
 */
public record Envelope(RequestId request, WriteId write, Caller caller, Command command) {
  /**
   * A request's id.
   *
   * @param origin the member that took it from its client
   * @param boot that member's start, so that an id is never used twice
   * @param sequence that start's number for it
   */
  public record RequestId(long origin, long boot, long sequence) {}

  /** A command of the server itself. */
  public static Envelope ofServer(RequestId request, Command command) {
    return new Envelope(request, WriteId.NONE, Caller.SERVER, command);
  }
}
