package io.balsa.access;

/** What a caller needs for an RPC while users are in force. */
enum Right {
  /** Nothing: the RPC tells no secret, or is how a caller becomes a user. */
  OPEN,
  /** To be a user. */
  LOGGED_IN,
  /** The role {@code root}. */
  ROOT,
  /** Its request decides: the service hands the caller on, and the request is judged later. */
  JUDGED_LATER
}
