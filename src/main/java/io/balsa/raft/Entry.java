package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.util.List;

/**
 * One entry of the replicated log (thesis figure 3.1).
 *
 * @param index its place in the log, from 1 on
 * @param term the term of the leader that created it
 * @param kind the kind of the payload
 * @param payload a command or a configuration, encoded; empty for {@link Kind#NO_OP}
 */
public record Entry(long index, long term, Kind kind, Bytes payload) {
  /** The kind of an entry's payload. */
  public enum Kind {
    /** No payload: a leader's first entry of its term (thesis 6.4). */
    NO_OP,
    /** A command of the state machine. */
    COMMAND,
    /** A {@link Configuration}, in force from the moment it is appended (thesis 4.1). */
    CONFIGURATION
  }

  /** Bytes that each entry counts in addition to its payload, in every bound in bytes. */
  public static final int OVERHEAD_BYTES = 48;

  /** The bytes that the entry counts in bounds: its payload and {@link #OVERHEAD_BYTES}. */
  public int bytes() {
    return payload.size() + OVERHEAD_BYTES;
  }

  /** The entry's place and term. */
  public LogPosition position() {
    return new LogPosition(index, term);
  }

  /** The bytes of several entries, as {@link #bytes()}. */
  public static long bytes(List<Entry> entries) {
    long bytes = 0;
    for (int i = 0; i < entries.size(); i++) {
      bytes += entries.get(i).bytes();
    }
    return bytes;
  }
}
