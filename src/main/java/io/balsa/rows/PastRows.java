package io.balsa.rows;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.model.KeyValue;
import io.balsa.model.Span;
import org.jspecify.annotations.Nullable;

/**
 * The superseded versions that were there at a revision: at most one of each key. Versions are
 * stored newest first. Where a key has many, the read seeks past those that cannot match: its cost
 * grows with the keys and not with their history.
 */
final class PastRows implements Rows {
  /** How many versions of one key are stepped over before a jump, which costs about as much. */
  static final int STEPS = 16;

  private final long revision;
  private final Walk walk;
  private final Head head;

  /** The key of the last row, as it stands in the store, and how often in a row it came. */
  private Bytes stored = Bytes.EMPTY;

  private int steps;
  private @Nullable Bytes key;

  private PastRows(Walk walk, Octets octets, long revision) {
    this.walk = walk;
    this.head = new Head(octets);
    this.revision = revision;
  }

  /** Of a span of several keys. Later versions of its first key need not be looked at. */
  static PastRows of(Engine.View view, Octets octets, Span span, long revision) {
    Bytes from = Layout.history(span.key(), revision);
    return new PastRows(new Walk(view, from, Layout.historyEnd(span)), octets, revision);
  }

  /** Of one key. */
  static PastRows of(Engine.View view, Octets octets, Bytes key, long revision) {
    Bytes from = Layout.history(key, revision);
    return new PastRows(new Walk(view, from, Layout.historyEnd(key)), octets, revision);
  }

  @Override
  public Step step() {
    key = null;
    if (!walk.next()) {
      return Step.END;
    }
    look();
    if (head.aliveAt(revision)) {
      return Step.KEY;
    }
    stepOver(walk.key());
    return Step.NOTHING;
  }

  private void look() {
    head.superseded(walk.peek(head.octets()));
  }

  private void stepOver(Bytes row) {
    Bytes other = Layout.storedKeyOfHistory(row);
    steps = other.equals(stored) ? steps + 1 : 1;
    stored = other;
    if (steps == STEPS) {
      steps = 0;
      Bytes passed = Layout.keyOfHistory(row);
      boolean newer = head.modRevision() > revision;
      walk.jump(newer ? Layout.history(passed, revision) : Layout.historyEnd(passed));
    }
  }

  @Override
  public Bytes key() {
    Bytes known = key;
    if (known == null) {
      known = Layout.keyOfHistory(walk.key());
      key = known;
    }
    return known;
  }

  @Override
  public KeyValue bare() {
    return head.bare(key());
  }

  @Override
  public int valueSize() {
    return head.valueSize();
  }

  @Override
  public KeyValue row() {
    if (!head.isWhole()) {
      return head.of(key(), walk.value());
    }
    if (!head.isThere()) {
      look();
    }
    return head.whole(key());
  }

  @Override
  public void pause() {
    walk.pause();
  }

  @Override
  public void close() {
    walk.close();
  }
}
