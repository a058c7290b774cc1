package io.balsa.model;

import io.balsa.bytes.Bytes;

/**
 * A condition of a transaction, as etcd's Compare.
 *
 * @param rangeEnd as in {@link Range}; the condition must hold for every key of the range
 * @param operand what to compare with
 */
public record Compare(Bytes key, Bytes rangeEnd, Relation relation, Operand operand) {
  /** The relation that must hold between the key's property and the operand. */
  public enum Relation {
    EQUAL,
    GREATER,
    LESS,
    NOT_EQUAL
  }

  /** The property compared and the value that it is compared with. */
  public sealed interface Operand {
    record Version(long version) implements Operand {}

    record CreateRevision(long revision) implements Operand {}

    record ModRevision(long revision) implements Operand {}

    record Value(Bytes value) implements Operand {}

    record Lease(long lease) implements Operand {}
  }
}
