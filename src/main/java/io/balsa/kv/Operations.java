package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.KeyValue;
import io.balsa.model.Result;
import org.jspecify.annotations.Nullable;

/** Carries out operations on a draft, as etcd does. Refusals come before. */
final class Operations {
  private final Draft draft;

  Operations(Draft draft) {
    this.draft = draft;
  }

  /**
   * Gives a key a value.
   *
   * @param before the version that is there; null for none
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
