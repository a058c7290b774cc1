package io.balsa.routing;

import io.balsa.bytes.Bytes;

/** What the route of a request depends on. */
public sealed interface RequestKind {
  /** Reads one key. */
  record KeyRead(Bytes key) implements RequestKind {}

  /** Reads a range of keys, or several keys at one revision. */
  record RangeRead() implements RequestKind {}

  /** Asks about the cluster. The leader is preferred; any member can answer. */
  record LeaderPreferred() implements RequestKind {}

  /** Writes, or is another request that only the leader serves. */
  record LeaderOnly() implements RequestKind {}
}
