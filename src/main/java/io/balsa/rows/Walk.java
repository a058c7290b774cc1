package io.balsa.rows;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.engine.Engine;
import org.jspecify.annotations.Nullable;

/**
 * An ascending walk over rows of the ordered store that can be interrupted. Its cursor holds files
 * and memory of the store. The walk can close it and open it again at the same place.
 */
public final class Walk implements AutoCloseable {
  private final Engine.View view;
  private final Bytes end;

  /** The row stood on while there is no cursor, or the first one that is looked for. */
  private Bytes from;

  private Engine.@Nullable Cursor cursor;
  private boolean stands;
  private boolean ended;

  /** Before the first row in {@code [from, end)}. */
  public Walk(Engine.View view, Bytes from, Bytes end) {
    this.view = view;
    this.from = from;
    this.end = end;
  }

  /** Goes to the next row; false when there is none, and then for good. */
  public boolean next() {
    if (ended) {
      return false;
    }
    Engine.Cursor open = cursor;
    if (open == null) {
      open = view.scan(stands ? from.next() : from, end);
      cursor = open;
    }
    stands = open.next();
    ended = !stands;
    return stands;
  }

  /** Goes on at another row, which is not before this one. */
  void jump(Bytes to) {
    closeCursor();
    from = to;
    stands = false;
  }

  /** The row's key in the store. */
  public Bytes key() {
    return cursor == null && stands ? from : cursorHere().key();
  }

  /** The row's value. */
  public Bytes value() {
    return cursorHere().value();
  }

  /** Copies the first bytes of the row's value; see {@link Engine.Cursor#peek}. */
  int peek(byte[] head) {
    return cursorHere().peek(head);
  }

  private Engine.Cursor cursorHere() {
    Check.that(stands, "a row is read where the walk stands");
    Engine.Cursor open = cursor;
    if (open == null) {
      open = view.scan(from, end);
      cursor = open;
      Check.that(open.next(), "a view does not lose a row");
    }
    return open;
  }

  /** Closes the cursor until it is needed again. */
  public void pause() {
    if (cursor != null && stands) {
      from = cursor.key();
    }
    closeCursor();
  }

  private void closeCursor() {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }

  @Override
  public void close() {
    closeCursor();
    ended = true;
    stands = false;
  }
}
