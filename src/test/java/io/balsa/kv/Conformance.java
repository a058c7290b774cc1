package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.Compare;
import io.balsa.model.Compare.Operand;
import io.balsa.model.Compare.Relation;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.HashKv;
import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.rows.Change;
import io.balsa.rows.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** A store in memory, and how to say shortly what is asked of it. */
public abstract class Conformance {
  static final Bytes NO_END = Bytes.of(0);
  public static final Bytes A = Bytes.utf8("a");
  static final Bytes B = Bytes.utf8("b");
  static final Bytes C = Bytes.utf8("c");
  static final Bytes D = Bytes.utf8("d");
  static final Bytes ONE = Bytes.utf8("1");
  static final Bytes TWO = Bytes.utf8("2");

  final Engine engine = new MemoryEngines(new MemoryMedium()).open("store");
  Store store = Store.open(engine, List.of());

  /** All keys. */
  static final Range ALL = Range.of(A, NO_END);

  static EntryToApply entry(long index, Command command) {
    return EntryToApply.of(
        index, 1, Envelope.ofServer(new Envelope.RequestId(1, 1, index), command));
  }

  Result apply(Command command) {
    return store.apply(List.of(entry(store.appliedIndex() + 1, command))).getFirst();
  }

  public Result put(Bytes key, Bytes value) {
    return apply(new Command.Put(key, value, 0, false, false, false));
  }

  public static Command.Put put(Bytes key) {
    return new Command.Put(key, ONE, 0, false, false, false);
  }

  void put3() {
    put(A, ONE);
    put(B, ONE);
    put(C, ONE);
  }

  static Command.DeleteRange delete(Bytes key, Bytes rangeEnd) {
    return new Command.DeleteRange(key, rangeEnd, false);
  }

  static Command.Txn then(Op... ops) {
    return new Command.Txn(List.of(), List.of(ops), List.of());
  }

  boolean holds(Bytes key, Bytes rangeEnd, Relation relation, Operand operand) {
    Compare compare = new Compare(key, rangeEnd, relation, operand);
    Command.Txn txn = new Command.Txn(List.of(compare), List.of(), List.of());
    return ((Result.Txn) apply(txn)).succeeded();
  }

  Result compact(long revision) {
    return apply(new Command.Compact(revision, false));
  }

  void compactWholly() {
    while (store.isCompacting()) {
      store.compactSome(2);
    }
  }

  Result refused(KvError error) {
    return new Result.Refused(store.revision(), error);
  }

  static Range query(long revision) {
    return ALL.withRevision(revision);
  }

  Result.Range at(long revision) {
    return (Result.Range) read(query(revision));
  }

  Result.Range range(Range range) {
    return (Result.Range) read(range);
  }

  List<KeyValue> kvs(Range range) {
    return ((Result.Range) read(range)).kvs();
  }

  List<Bytes> keys(Range range) {
    return kvs(range).stream().map(KeyValue::key).toList();
  }

  Result read(Range range) {
    try (Engine.View view = engine.view()) {
      return store.read(range, view);
    }
  }

  HashKv hashKv(long revision) {
    try (Engine.View view = engine.view()) {
      return store.hashKv(revision, view);
    }
  }

  /** The changes of a revision, in their order. */
  List<String> changes(long revision) {
    List<String> changes = new ArrayList<>();
    try (Engine.View view = engine.view();
        Engine.Cursor rows =
            view.scan(Layout.revision(revision, 0), Layout.revision(revision + 1, 0))) {
      while (rows.next()) {
        Change change = Change.decode(rows.value());
        changes.add((change.deleted() ? "delete " : "put ") + change.key().utf8());
      }
    }
    return changes;
  }

  /** The same entry with a command, where so much of its result may be built; null for none. */
  static EntryToApply inRoom(EntryToApply entry, @Nullable LongPredicate room) {
    Envelope envelope = Objects.requireNonNull(entry.envelope());
    return EntryToApply.of(entry.index(), entry.term(), envelope, room);
  }
}
