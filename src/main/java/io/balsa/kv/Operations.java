package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.KeyValue;
import io.balsa.model.Result;
import org.jspecify.annotations.Nullable;

/** Carries operations out on a draft, as etcd does. What can be refused is refused before. */
final class Operations {
  private final Draft draft;

  Operations(Draft draft) {
    this.draft = draft;
  }

  /**
   * Gives a key a value.
   *
   * @param before what is there
   */
  Result.Put put(Command.Put put, @Nullable KeyValue before) {
    draft.put(put.key(), valueOf(put, before), leaseOf(put, before), before);
    return new Result.Put(draft.revision(), put.prevKv() ? before : null);
  }

  /** The value that a put gives. */
  static Bytes valueOf(Command.Put put, @Nullable KeyValue before) {
    return put.ignoreValue() && before != null ? before.value() : put.value();
  }

  /** The lease that a put gives. */
  static long leaseOf(Command.Put put, @Nullable KeyValue before) {
    return put.ignoreLease() ? (before == null ? 0 : before.lease()) : put.lease();
  }
}
