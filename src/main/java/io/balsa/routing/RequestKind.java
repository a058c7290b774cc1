package io.balsa.routing;

import io.balsa.bytes.Bytes;

/** What a request is, as far as its way depends on it. */
public sealed interface RequestKind {
  /** Reads one key. */
  record KeyRead(Bytes key) implements RequestKind {}

  /** Reads a range of keys, or several keys at one moment. */
  record RangeRead() implements RequestKind {}

  /** Asks about the cluster: the leader knows best, the others know something. */
  record LeaderPreferred() implements RequestKind {}

  /** Writes, or anything else that belongs to the leader. */
  record LeaderOnly() implements RequestKind {}
}
