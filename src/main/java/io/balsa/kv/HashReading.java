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
  private final long upTo;
  private final @Nullable KvError error;
  private final Rows newest;
  private final Walk superseded;
  private final Walk changes;
  private long sum;

  /** Which of the three is being read. */
  private int part;

  HashReading(ViewKeyspace keys, long revision) {
    super(AnswerBytes.unbounded());
    this.keys = keys;
    this.error = refusal(keys, revision);
    this.upTo = revision <= 0 ? keys.revision() : revision;
    this.newest = keys.storedNewest(new Span(Bytes.EMPTY, Bytes.of(0)));
    this.superseded = new Walk(keys.view(), Layout.historyStart(), Layout.historyEnd());
    Bytes from = Layout.revision(Math.max(0, keys.compactRevision() + 1), 0);
    this.changes = new Walk(keys.view(), from, Layout.revision(upTo + 1, 0));
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
    if (tombstone == null || tombstone.revision() > keys.compactRevision()) {
      sum += new Digest(1).add(newest.row()).value();
      if (tombstone != null && tombstone.revision() <= upTo) {
        sum += deletion(kv.key(), tombstone.revision());
      }
    }
  }

  private static long deletion(Bytes key, long revision) {
    return new Digest(2).add(key).add(revision).value();
  }

  private boolean stepSuperseded() {
    boolean there = superseded.next();
    if (there) {
      Version version = Version.decode(Layout.keyOfHistory(superseded.key()), superseded.value());
      boolean counts = version.kv().modRevision() <= upTo && version.end() > keys.compactRevision();
      sum += counts ? new Digest(1).add(version.kv()).value() : 0;
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
    int hash = (int) (sum ^ (sum >>> 32));
    return new HashKv(new Result.Done(keys.revision()), hash, upTo, keys.compactRevision());
  }
}
