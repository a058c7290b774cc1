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
 * How much a deletion is about: goes over its keys no further than it must to decide how to carry
 * it out. The same keys lead to the same decision, however they are stored.
 */
final class Extent {
  /** So many deleted keys that are not swept yet are stepped over. */
  static final int COVERED_MAX = 1_000;

  /** So many bytes of their keys and values, for each value is read. */
  static final long COVERED_BYTES_MAX = 1 << 20;

  /** How to carry a deletion out. */
  enum Verdict {
    /** At once: {@link #found} are its keys. */
    AT_ONCE,
    /** By a tombstone. */
    LARGE,
    /** Not at all: it asks for an answer that is too large. */
    ANSWER_TOO_LARGE,
    /** Not at all: it asks for an answer with too many keys. */
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
   * Of a deletion that is to be carried out.
   *
   * @param answered whether the answer shall hold what was deleted
   */
  Extent(StoreLimits limits, Tombstones tombstones, boolean answered) {
    this.limits = limits;
    this.tombstones = tombstones;
    this.answered = answered;
  }

  /** The extent of the deletion of a span, by keys as some reader sees them. */
  static Extent of(
      Command.DeleteRange delete, Keyspace keys, Tombstones tombstones, StoreLimits limits) {
    Extent extent = new Extent(limits, tombstones, delete.prevKv());
    Span span = new Span(delete.key(), delete.rangeEnd());
    if (span.single()) {
      KeyValue kv = keys.newest(span.key());
      var _ = kv != null && extent.take(kv);
    } else if (!span.isEmpty()) {
      try (Rows rows = keys.standing(span)) {
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
   * @param standing its newest version as it stands
   * @return whether to go on
   */
  boolean take(KeyValue standing) {
    if (tombstones.cover(standing)) {
      covered++;
      coveredBytes += Space.bytesOf(standing);
    } else {
      found.add(standing);
      bytes += Space.bytesOf(standing);
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

  /** What is answered is deleted at once, however many keys: as many as a transaction deletes. */
  private Verdict answered() {
    if (bytes > limits.answerBytes()) {
      return Verdict.ANSWER_TOO_LARGE;
    }
    boolean tooMany = (long) Cost.DELETION * found.size() > limits.txnKeys();
    return tooMany ? Verdict.TXN_TOO_LARGE : Verdict.AT_ONCE;
  }

  /** How to carry it out, when all keys were taken or there is nothing to go on for. */
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

  /** What to delete at once. */
  List<KeyValue> found() {
    return found;
  }
}
