package io.balsa.check;

import org.jspecify.annotations.Nullable;

/**
 * The sequential specification of one key. States are immutable and have content equality.
 *
 * @param <S> the state of the key
 */
public interface Model<S> {
  /** The rank of an operation whose answer does not show its place. */
  long UNRANKED = -1;

  /** The state before the first operation. */
  S initial();

  /** The state after an operation; null when the operation cannot have its answer in this state. */
  @Nullable S step(S state, Operation operation);

  /**
   * A number that is not negative when the answer itself shows the place of the operation in the
   * order. An operation of smaller rank comes before one of larger rank.
   */
  default long rank(Operation operation) {
    return UNRANKED;
  }

  /** A register with put, get, delete, compare-and-swap and append; it ignores revisions. */
  static Model<?> register() {
    return new RegisterModel();
  }

  /** A key of an etcd store: revisions and versions in answers must fit, too. */
  static Model<?> kv() {
    return new KvModel();
  }
}
