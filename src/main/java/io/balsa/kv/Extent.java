package io.balsa.kv;

import io.balsa.model.Command;
import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Span;
import io.balsa.model.StoreLimits;
import io.balsa.rows.Cost;
import io.balsa.rows.Keyspace;
import io.balsa.rows.Rows;
import io.balsa.rows.Space;
import io.balsa.rows.Tombstones;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The size of a deletion. It goes over the keys only as far as it must to decide how to carry the
 * deletion out. The same keys give the same decision, however they are stored.
 */
final class Extent {
  /** The most deleted keys, not swept yet, that it passes. */
  static final int COVERED_MAX = 1_000;

  /** The most bytes of their keys and values that it passes, because it reads each value. */
  static final long COVERED_BYTES_MAX = 1 << 20;

  /** How to carry a deletion out. */
  enum Verdict {
    /** At once; {@link #found} gives the keys. */
    AT_ONCE,
    /** By a tombstone. */
    LARGE,
    /** Not at all: the answer would be too large. */
    ANSWER_TOO_LARGE,
    /** Not at all: the answer would have too many keys. */
    TXN_TOO_LARGE,
    /** Not now: another deletion of these keys has to be over first. */
    UNDECIDED
  }

  private final StoreLimits limits;
  private final Tombstones tombstones;
  private final boolean answered;
  private final List<KeyValue> found = new ArrayList<>();
  private long bytes;
  private int covered;
  private long coveredBytes;
  private Verdict verdict = Verdict.AT_ONCE;

  /**
   * The extent of a deletion to carry out.
   *
   * @param answered whether the answer holds the deleted keys
   */
  Extent(StoreLimits limits, Tombstones tombstones, boolean answered) {
    this.limits = limits;
    this.tombstones = tombstones;
    this.answered = answered;
  }

  /** The extent of the deletion of a span, in the keys as one reader sees them. */
  static Extent of(
      Command.DeleteRange delete, Keyspace keys, Tombstones tombstones, StoreLimits limits) {
    Extent extent = new Extent(limits, tombstones, delete.prevKv());
    Span span = new Span(delete.key(), delete.rangeEnd());
    if (span.single()) {
      KeyValue kv = keys.newest(span.key());
      var _ = kv != null && extent.take(kv);
    } else if (!span.isEmpty()) {
      try (Rows rows = keys.storedNewest(span)) {
        boolean more = true;
        while (more && rows.next()) {
          more = extent.take(rows.row());
        }
      }
    }
    return extent;
  }

  /**
   * Takes the next key.
   *
   * @param stored its newest version as it is stored
   * @return whether to go on
   */
  boolean take(KeyValue stored) {
    if (tombstones.cover(stored)) {
      covered++;
      coveredBytes += Space.bytesOf(stored);
    } else {
      found.add(stored);
      bytes += Space.bytesOf(stored);
    }
    verdict = verdict();
    return verdict == Verdict.AT_ONCE;
  }

  private Verdict verdict() {
    if (covered > COVERED_MAX || coveredBytes > COVERED_BYTES_MAX) {
      return found.isEmpty() || answered ? Verdict.UNDECIDED : Verdict.LARGE;
    }
    boolean many = found.size() > 1;
    if (answered) {
      return many ? answered() : Verdict.AT_ONCE;
    }
    boolean large =
        found.size() > limits.deletionKeys() || (many && bytes > limits.deletionBytes());
    return large ? Verdict.LARGE : Verdict.AT_ONCE;
  }

  /**
   * A deletion whose answer holds its keys is done at once: it may delete as many keys as a
   * transaction.
   */
  private Verdict answered() {
    if (bytes > limits.answerBytes()) {
      return Verdict.ANSWER_TOO_LARGE;
    }
    boolean tooMany = (long) Cost.DELETION * found.size() > limits.txnKeys();
    return tooMany ? Verdict.TXN_TOO_LARGE : Verdict.AT_ONCE;
  }

  /** How to carry it out, once all keys were taken or {@link #take} returned false. */
  Verdict decided() {
    return verdict;
  }

  /** Why not to carry it out; null when it can be. */
  @Nullable KvError refusal() {
    return switch (verdict) {
      case AT_ONCE -> null;
      case LARGE -> tombstones.size() < limits.tombstonesMax() ? null : KvError.TOO_MANY_DELETIONS;
      case ANSWER_TOO_LARGE -> KvError.ANSWER_TOO_LARGE;
      case TXN_TOO_LARGE -> KvError.TXN_TOO_LARGE;
      case UNDECIDED -> KvError.TOO_MANY_DELETIONS;
    };
  }

  /** The keys to delete at once. */
  List<KeyValue> found() {
    return found;
  }
}
