package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The superseded versions that were there at a revision: at most one of each key. */
final class PastRows implements Rows {
  private final Engine.Cursor cursor;
  private final long revision;
  private @Nullable KeyValue row;

  PastRows(Engine.View view, Span span, long revision) {
    this.cursor = view.scan(Layout.history(span.key()), Layout.historyEnd(span));
    this.revision = revision;
  }

  @Override
  public boolean next() {
    while (cursor.next()) {
      Version version = Version.decode(Layout.keyOfHistory(cursor.key()), cursor.value());
      if (version.aliveAt(revision)) {
        row = version.kv();
        return true;
      }
    }
    return false;
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
