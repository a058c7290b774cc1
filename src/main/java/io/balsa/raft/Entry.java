package io.balsa.raft;

import io.balsa.bytes.Bytes;

/**
 * One entry of the replicated log (thesis figure 3.1).
 *
 * @param index its place in the log, from 1 on
 * @param term the term of the leader that created it
 * @param kind what the payload is
 * @param payload what the state machine or the configuration reads; empty for {@link Kind#NO_OP}
 */
public record Entry(long index, long term, Kind kind, Bytes payload) {
  /** What an entry's payload is. */
  public enum Kind {
    /** Nothing: a leader's first entry of its term (thesis 6.4). */
    NO_OP,
    /** A command of the state machine. */
    COMMAND,
    /** A {@link Configuration}, in force from the moment it is appended (thesis 4.1). */
    CONFIGURATION
  }

  /** What an entry costs beside its payload in every bound that counts bytes. */
  public static final int OVERHEAD_BYTES = 48;

  /** The entry's size where bytes are bounded: payload and {@link #OVERHEAD_BYTES}. */
  public int bytes() {
    return payload.size() + OVERHEAD_BYTES;
  }

  /** The entry's place and term. */
  public LogPosition position() {
    return new LogPosition(index, term);
  }
}
