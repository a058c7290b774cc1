package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The superseded versions that were there at a revision: at most one of each key. Versions are
 * stored newest first; where a key has many, those that cannot be the one are jumped over, so that
 * a read costs by its keys and not by their history.
 */
final class PastRows implements Rows {
  /** How many versions of one key are stepped over before a jump, which costs about as much. */
  static final int STEPS = 16;

  private final Engine.View view;
  private final Bytes end;
  private final long revision;
  private Engine.Cursor cursor;
  private Bytes key = Bytes.EMPTY;
  private int steps;
  private @Nullable KeyValue row;

  PastRows(Engine.View view, Span span, long revision) {
    this.view = view;
    this.end = Layout.historyEnd(span);
    this.revision = revision;
    this.cursor = view.scan(Layout.history(span.key()), end);
  }

  @Override
  public boolean next() {
    while (cursor.next()) {
      Version version = Version.decode(Layout.keyOfHistory(cursor.key()), cursor.value());
      if (version.aliveAt(revision)) {
        row = version.kv();
        return true;
      }
      stepOver(version.kv());
    }
    return false;
  }

  private void stepOver(KeyValue other) {
    steps = other.key().equals(key) ? steps + 1 : 1;
    key = other.key();
    if (steps == STEPS) {
      steps = 0;
      boolean newer = other.modRevision() > revision;
      jump(newer ? Layout.history(key, revision) : Layout.historyEnd(key));
    }
  }

  private void jump(Bytes from) {
    cursor.close();
    cursor = view.scan(from, end);
  }

  @Override
  public Bytes key() {
    return row().key();
  }

  @Override
  public KeyValue row() {
    return Objects.requireNonNull(row, "rows are read where they stand");
  }

  @Override
  public void close() {
    cursor.close();
  }
}
