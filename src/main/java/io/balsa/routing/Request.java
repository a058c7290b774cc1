package io.balsa.routing;

import io.balsa.bytes.Bytes;

/** What a request is, as far as its way depends on it. */
public sealed interface Request {
  /** Reads one key. */
  record KeyRead(Bytes key) implements Request {}

  /** Reads a range of keys, or several keys at one moment. */
  record RangeRead() implements Request {}

  /** Asks about the cluster: the leader knows best, the others know something. */
  record AtLeader() implements Request {}

  /** Writes, or anything else that belongs to the leader. */
  record ToLeader() implements Request {}
}
