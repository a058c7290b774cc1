package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import org.jspecify.annotations.Nullable;

/** A view that counts what is read through it. */
final class CountedView implements Engine.View {
  private final Engine.View view;
  private long valueBytes;
  private int looks;
  private int cursors;

  CountedView(Engine.View view) {
    this.view = view;
  }

  /** Bytes of values that were copied whole. */
  long valueBytes() {
    return valueBytes;
  }

  /** How many values were looked at. */
  int looks() {
    return looks;
  }

  /** Cursors that are open. */
  int cursors() {
    return cursors;
  }

  @Override
  public @Nullable Bytes get(Bytes key) {
    Bytes value = view.get(key);
    valueBytes += value == null ? 0 : value.size();
    return value;
  }

  @Override
  public int peek(Bytes key, byte[] head) {
    looks++;
    return view.peek(key, head);
  }

  @Override
  public Engine.Cursor scan(Bytes from, Bytes to) {
    return new CountedCursor(view.scan(from, to));
  }

  @Override
  public Engine.Cursor scanDown(Bytes from, Bytes to) {
    return new CountedCursor(view.scanDown(from, to));
  }

  @Override
  public void close() {
    view.close();
  }

  private final class CountedCursor implements Engine.Cursor {
    private final Engine.Cursor cursor;

    CountedCursor(Engine.Cursor cursor) {
      this.cursor = cursor;
      cursors++;
    }

    @Override
    public boolean next() {
      return cursor.next();
    }

    @Override
    public Bytes key() {
      return cursor.key();
    }

    @Override
    public Bytes value() {
      valueBytes += cursor.value().size();
      return cursor.value();
    }

    @Override
    public int peek(byte[] head) {
      looks++;
      return cursor.peek(head);
    }

    @Override
    public void close() {
      cursors--;
      cursor.close();
    }
  }
}
