package io.balsa.access;

/** What a caller needs for an RPC while users are in force. */
enum Right {
  /** Nothing: the RPC tells no secret, or is how a caller becomes a user. */
  OPEN,
  /** Nothing, but a token that is sent must be in force. */
  TOKEN_OR_NONE,
  /** To be a user. */
  LOGGED_IN,
  /** The role {@code root}. */
  ROOT,
  /**
   * To be a user; then its request decides. The service hands the caller on, and the request is
   * judged later. A caller without a user is refused at once, so that it costs no entry of the log.
   */
  JUDGED_LATER
}
