package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;

/** The rows of the space of newest versions. */
final class NewestRows implements Rows {
  private final Engine.Cursor cursor;

  NewestRows(Engine.Cursor cursor) {
    this.cursor = cursor;
  }

  @Override
  public boolean next() {
    return cursor.next();
  }

  @Override
  public Bytes key() {
    return Layout.keyOfCurrent(cursor.key());
  }

  @Override
  public KeyValue row() {
    return Row.decode(key(), cursor.value());
  }

  @Override
  public void close() {
    cursor.close();
  }
}
