package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.Compare;
import io.balsa.model.Range;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request of a simulated client. */
sealed interface Call {
  /** Writes a value that no other call writes. */
  record Put(Bytes key, Bytes value) implements Call {}

  /** Deletes a key. */
  record Delete(Bytes key) implements Call {}

  /** Deletes all keys that clients put, except keys with leases. */
  record Clear() implements Call {}

  /** Compare-and-swap; a null {@code expected} means that the key must not exist. */
  record Cas(Bytes key, @Nullable Bytes expected, Bytes value) implements Call {}

  /** Writes two keys in one transaction. */
  record Pair(Bytes one, Bytes oneValue, Bytes other, Bytes otherValue) implements Call {}

  /** Reads a key, or with {@link #ALL} all keys. */
  record Get(Bytes key, boolean linearizable) implements Call {}

  /** Reads a key, or all keys, at an earlier revision. */
  record Past(Bytes key, long revision) implements Call {}

  /** Compacts the history up to a revision. */
  record Compact(long revision) implements Call {}

  /** The range of the keys that clients put: the first one, and the exclusive end. */
  Bytes FIRST = Bytes.utf8("k");

  Bytes END = Bytes.utf8("l");

  /** Stands for all keys. */
  Bytes ALL = Bytes.of(0);

  /** The command of a call that is not a read. */
  default Command command() {
    return switch (this) {
      case Put(Bytes key, Bytes value) -> put(key, value);
      case Delete(Bytes key) -> new Command.DeleteRange(key, Bytes.EMPTY, false);
      case Clear() -> new Command.DeleteRange(FIRST, END, false);
      case Cas(Bytes key, Bytes expected, Bytes value) ->
          new Command.Txn(List.of(is(key, expected)), List.of(put(key, value)), List.of());
      case Pair(Bytes one, Bytes oneValue, Bytes other, Bytes otherValue) ->
          new Command.Txn(
              List.of(), List.of(put(one, oneValue), put(other, otherValue)), List.of());
      case Compact(long revision) -> new Command.Compact(revision, false);
      case Get _, Past _ -> throw new IllegalStateException("a read is no command");
    };
  }

  private static Command.Put put(Bytes key, Bytes value) {
    return new Command.Put(key, value, 0, false, false, false);
  }

  private static Compare is(Bytes key, @Nullable Bytes expected) {
    return new Compare(
        key,
        Bytes.EMPTY,
        Compare.Relation.EQUAL,
        expected == null
            ? new Compare.Operand.CreateRevision(0)
            : new Compare.Operand.Value(expected));
  }

  /** The range of a {@link Past}. */
  static Range range(Bytes key, long revision) {
    return range(key).withRevision(revision).withLimit(0);
  }

  /** The range of a {@link Get}. */
  static Range range(Bytes key) {
    return key.equals(ALL) ? Range.of(ALL, ALL) : Range.of(key);
  }
}
