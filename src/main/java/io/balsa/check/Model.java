package io.balsa.check;

import org.jspecify.annotations.Nullable;

/**
 * What one key allows, one operation after the other. A state has content equality and is never
 * changed.
 */
public interface Model<S> {
  /** Says that an operation may stand anywhere between others. */
  long UNRANKED = -1;

  /** The state before the first operation. */
  S initial();

  /** The state after an operation that answered so; null when it could not have. */
  @Nullable S step(S state, Operation operation);

  /**
   * A number, not negative, when the answer itself says where the operation stands: an operation of
   * a smaller rank comes before.
   */
  default long rank(Operation operation) {
    return UNRANKED;
  }

  /**
   * A register for each key: put, get, delete, compare-and-swap, append; revisions are not looked
   * at.
   */
  static Model<?> register() {
    return new RegisterModel();
  }

  /** A key of an etcd store: what was told of revisions and versions must fit as well. */
  static Model<?> kv() {
    return new KvModel();
  }
}
