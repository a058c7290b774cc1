package io.balsa.engine;

import io.balsa.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * An ordered map of byte strings, in unsigned order.
 *
 * <ol>
 *   <li>A batch is applied whole or not at all, also in a crash. Batches keep their order: a crash
 *       loses a suffix of the batches after the last flush, maybe none.
 *   <li>One thread writes; any thread reads, opens views and checkpoints.
 *   <li>A view sees what was written before it was opened and nothing after.
 * </ol>
 */
public interface Engine extends AutoCloseable {
  /** The value of a key now. */
  @Nullable Bytes get(Bytes key);

  /** As {@link View#peek} at the present state. */
  int peek(Bytes key, byte[] head);

  /** Applies a batch. */
  void write(Batch batch);

  /** Opens a view of the present state. To be closed. */
  View view();

  /** Returns when everything written before the call is durable; writing goes on meanwhile. */
  void flush();

  /**
   * Makes a directory with files that hold the present state, flushed. {@link Engines#open} opens
   * it. Writing goes on meanwhile; later changes are not in it.
   *
   * @param directory a path of the kind that {@link Engines#open} takes; must not exist
   */
  void checkpoint(String directory);

  /** About how many bytes the store has on disk. */
  long sizeBytes();

  /** Closes the store; changes that were not flushed may be lost. */
  @Override
  void close();

  /** Stands for the size of a value that is not there. */
  int NONE = -1;

  /** A consistent view. Any thread may use it, one at a time. */
  interface View extends AutoCloseable {
    /** The value of a key. */
    @Nullable Bytes get(Bytes key);

    /**
     * Copies the first bytes of a key's value, as many as fit.
     *
     * @return the size of the whole value; {@link #NONE} when there is no such key
     */
    int peek(Bytes key, byte[] head);

    /** A cursor before the first key in {@code [from, to)}, going up. To be closed. */
    Cursor scan(Bytes from, Bytes to);

    /** A cursor after the last key in {@code [from, to)}, going down. To be closed. */
    Cursor scanDown(Bytes from, Bytes to);

    @Override
    void close();
  }

  /** Goes over keys in order. */
  interface Cursor extends AutoCloseable {
    /** Goes to the next key; false when there is none, and then for good. */
    boolean next();

    /** The key stood on. */
    Bytes key();

    /** The value stood on. */
    Bytes value();

    /**
     * Copies the first bytes of the value stood on, as many as fit.
     *
     * @return the size of the whole value
     */
    int peek(byte[] head);

    @Override
    void close();
  }
}
