package io.balsa.engine;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Changes that are applied together, in their order. */
public final class Batch {
  private final List<Change> changes = new ArrayList<>();

  /** Gives a key a value. */
  public Batch put(Bytes key, Bytes value) {
    changes.add(new Change.Put(key, value));
    return this;
  }

  /** Removes a key, if it is there. */
  public Batch delete(Bytes key) {
    changes.add(new Change.Delete(key));
    return this;
  }

  /** Removes all keys in {@code [from, to)}; none when the range is empty. */
  public Batch deleteRange(Bytes from, Bytes to) {
    if (from.compareTo(to) < 0) {
      changes.add(new Change.DeleteRange(from, to));
    }
    return this;
  }

  /** Whether there are no changes. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** The changes in their order. */
  List<Change> changes() {
    return changes;
  }

  /** One change. */
  sealed interface Change {
    record Put(Bytes key, Bytes value) implements Change {}

    record Delete(Bytes key) implements Change {}

    record DeleteRange(Bytes from, Bytes to) implements Change {}
  }
}
