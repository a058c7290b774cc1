package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.model.Digest;
import io.balsa.model.HashKv;
import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Result;
import io.balsa.model.Span;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Change;
import io.balsa.rows.Layout;
import io.balsa.rows.Rows;
import io.balsa.rows.Tombstone;
import io.balsa.rows.Version;
import io.balsa.rows.ViewKeyspace;
import io.balsa.rows.Walk;
import org.jspecify.annotations.Nullable;

/**
 * Hashes the keys and their history. The hash is a sum over the versions, because the newest
 * version here may be a superseded one at another replica.
 */
final class HashReading extends Reading<HashKv> {
  private final ViewKeyspace keys;

  /** Versions that end up to here, and deletions up to here, do not count. */
  private final long after;

  private final long upTo;
  private final @Nullable KvError error;
  private final Rows newest;
  private final Walk superseded;
  private final Walk changes;
  private long sum;

  /** Which of the three is being read. */
  private int part;

  HashReading(ViewKeyspace keys, long revision) {
    this(
        keys,
        keys.compactRevision(),
        revision == 0 ? keys.revision() : revision,
        refusal(keys, revision));
  }

  private HashReading(ViewKeyspace keys, long after, long upTo, @Nullable KvError error) {
    super(AnswerBytes.unbounded());
    this.keys = keys;
    this.after = after;
    this.error = error;
    this.upTo = upTo;
    this.newest = keys.storedNewest(new Span(Bytes.EMPTY, Bytes.of(0)));
    this.superseded = new Walk(keys.view(), Layout.historyStart(), Layout.historyEnd());
    Bytes from = Layout.revision(Math.max(0, after + 1), 0);
    this.changes = new Walk(keys.view(), from, Layout.revision(Math.max(after, upTo) + 1, 0));
  }

  /** The sum over the versions that are alive at a revision; reads all of them. */
  static long sumAlive(ViewKeyspace keys, long revision) {
    HashReading reading = new HashReading(keys, revision, revision, null);
    HashKv _ = StoreReader.whole(reading);
    reading.pause();
    return reading.sum;
  }

  /** What a version adds to a sum. */
  static long version(KeyValue kv) {
    return new Digest(1).add(kv).value();
  }

  /** What a deletion adds to a sum. */
  static long deletion(Bytes key, long revision) {
    return new Digest(2).add(key).add(revision).value();
  }

  /** The hash of a sum. */
  static int folded(long sum) {
    return (int) (sum ^ (sum >>> 32));
  }

  private static @Nullable KvError refusal(ViewKeyspace keys, long revision) {
    if (revision > 0 && revision < keys.compactRevision()) {
      return KvError.COMPACTED;
    }
    return revision > keys.revision() ? KvError.FUTURE_REVISION : null;
  }

  @Override
  boolean step() {
    boolean over =
        switch (part) {
          case 0 -> stepNewest();
          case 1 -> stepSuperseded();
          default -> stepChanges();
        };
    if (over) {
      pause();
      part++;
    }
    return error != null || part == 3;
  }

  private boolean stepNewest() {
    Rows.Step step = newest.step();
    if (step == Rows.Step.KEY && newest.bare().modRevision() <= upTo) {
      addNewest();
    }
    return step == Rows.Step.END;
  }

  /**
   * A version that a tombstone covers counts as it will after the sweep: as a version and a
   * deletion.
   */
  private void addNewest() {
    KeyValue kv = newest.bare();
    Tombstone tombstone = keys.tombstones().over(kv);
    if (tombstone == null || tombstone.revision() > after) {
      sum += version(newest.row());
      if (tombstone != null && tombstone.revision() <= upTo) {
        sum += deletion(kv.key(), tombstone.revision());
      }
    }
  }

  /** A version that its own revision ended was never seen; only its deletion counts. */
  private boolean stepSuperseded() {
    boolean there = superseded.next();
    if (there) {
      Version version = Version.decode(Layout.keyOfHistory(superseded.key()), superseded.value());
      long begin = version.kv().modRevision();
      boolean counts = begin <= upTo && version.end() > Math.max(after, begin);
      sum += counts ? version(version.kv()) : 0;
    }
    return !there;
  }

  private boolean stepChanges() {
    boolean there = changes.next();
    if (there) {
      Change change = Change.decode(changes.value());
      long revision = Layout.revisionOf(changes.key());
      sum += change.deleted() ? deletion(change.key(), revision) : 0;
    }
    return !there;
  }

  @Override
  void dropParts() {}

  @Override
  void reset() {
    throw new IllegalStateException("what holds nothing does not begin again");
  }

  @Override
  public void pause() {
    newest.pause();
    superseded.pause();
    changes.pause();
  }

  @Override
  public HashKv answer() {
    if (error != null) {
      return new HashKv(new Result.Refused(keys.revision(), error), 0, 0, keys.compactRevision());
    }
    return new HashKv(new Result.Done(keys.revision()), folded(sum), upTo, after);
  }
}
