package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.kv.Command.Op;
import io.balsa.kv.Compare.Operand;
import io.balsa.kv.Compare.Relation;
import io.balsa.kv.Range.SortOrder;
import io.balsa.kv.Range.SortTarget;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What etcd does, point by point; each was seen on a running etcd 3.4.23 or read in 3.6. */
class ConformanceTest {
  private static final Bytes NO_END = Bytes.of(0);
  private static final Bytes A = Bytes.utf8("a");
  private static final Bytes B = Bytes.utf8("b");
  private static final Bytes C = Bytes.utf8("c");
  private static final Bytes D = Bytes.utf8("d");
  private static final Bytes ONE = Bytes.utf8("1");
  private static final Bytes TWO = Bytes.utf8("2");

  private final Engine engine = new MemoryEngines(new MemoryMedium()).open("store");
  private final Store store = Store.open(engine, List.of());

  // KV

  @Test
  void anEmptyStoreIsAtRevision1() {
    assertThat(read(Range.of(A, NO_END)).revision()).isEqualTo(1);
    assertThat(store.compactRevision()).isEqualTo(-1);
  }

  @Test
  void theFirstPutMakesRevision2() {
    assertThat(put(A, ONE).revision()).isEqualTo(2);
    assertThat(kvs(Range.of(A))).containsExactly(new KeyValue(A, ONE, 2, 2, 1, 0));
  }

  @Test
  void anEqualValuePutAgainIsANewVersion() {
    put(A, ONE);
    put(A, ONE);
    assertThat(kvs(Range.of(A))).containsExactly(new KeyValue(A, ONE, 2, 3, 2, 0));
  }

  @Test
  void deletingNothingKeepsTheRevision() {
    assertThat(apply(delete(A, Bytes.EMPTY))).isEqualTo(new Result.DeleteRange(1, 0, List.of()));
  }

  @Test
  void aKeyPutAfterItsDeletionBeginsAnew() {
    put(A, ONE);
    apply(delete(A, Bytes.EMPTY));
    put(A, TWO);
    assertThat(kvs(Range.of(A))).containsExactly(new KeyValue(A, TWO, 4, 4, 1, 0));
  }

  @Test
  void keysAreSortedUnsigned() {
    put(Bytes.of(0xff), ONE);
    put(Bytes.of(0x7f), ONE);
    put(Bytes.of(0x80), ONE);
    assertThat(keys(Range.of(Bytes.of(1), NO_END)))
        .containsExactly(Bytes.of(0x7f), Bytes.of(0x80), Bytes.of(0xff));
  }

  @Test
  void aZeroByteAsEndMeansNoEndAndAsKeyAllKeys() {
    put(A, ONE);
    put(B, ONE);
    put(Bytes.of(0), ONE);
    assertThat(keys(Range.of(B, NO_END))).containsExactly(B);
    assertThat(keys(Range.of(NO_END, NO_END))).containsExactly(Bytes.of(0), A, B);
    assertThat(keys(Range.of(B, A))).isEmpty();
  }

  @Test
  void thePrefixOfAllOnesHasNoEnd() {
    put(Bytes.of(0xff, 0xff), ONE);
    put(Bytes.of(0xff, 0xff, 1), ONE);
    assertThat(keys(Range.of(Bytes.of(0xff, 0xff), NO_END))).hasSize(2);
  }

  @Test
  void aLimitCutsAndTheCountDoesNot() {
    put3();
    Result.Range cut = range(new Query().limit(2));
    assertThat(cut.kvs()).extracting(KeyValue::key).containsExactly(A, B);
    assertThat(cut.more()).isTrue();
    assertThat(cut.count()).isEqualTo(3);
    assertThat(range(new Query().limit(3)).more()).isFalse();
  }

  @Test
  void aLimitCutsAfterSorting() {
    put3();
    put(A, TWO);
    Result.Range cut = range(new Query().limit(2).sort(SortOrder.DESCEND, SortTarget.MOD));
    assertThat(cut.kvs()).extracting(KeyValue::key).containsExactly(A, C);
    assertThat(cut.more()).isTrue();
  }

  @Test
  void withoutAnOrderATargetSortsOneKeyMoreThanTheLimit() {
    put(A, Bytes.utf8("3"));
    put(B, Bytes.utf8("2"));
    put(C, Bytes.utf8("1"));
    put(D, Bytes.utf8("0"));
    Result.Range cut = range(new Query().limit(2).sort(SortOrder.NONE, SortTarget.VALUE));
    assertThat(cut.kvs()).extracting(KeyValue::key).containsExactly(C, B);
  }

  @Test
  void filtersComeBeforeTheLimitAndNotBeforeTheCount() {
    put3();
    Result.Range cut = range(new Query().limit(1).minMod(3));
    assertThat(cut.kvs()).extracting(KeyValue::key).containsExactly(B);
    assertThat(cut.more()).isTrue();
    assertThat(cut.count()).isEqualTo(3);
  }

  @Test
  void aCountAloneIgnoresTheLimit() {
    put3();
    assertThat(range(new Query().limit(1).countOnly()))
        .isEqualTo(new Result.Range(4, List.of(), false, 3));
  }

  @Test
  void keysOnlyHaveNoValues() {
    put(A, ONE);
    assertThat(range(new Query().keysOnly()).kvs())
        .containsExactly(new KeyValue(A, Bytes.EMPTY, 2, 2, 1, 0));
  }

  @Test
  void theCompactedRevisionIsReadableAndTheOneBelowIsNot() {
    put(A, ONE);
    put(A, TWO);
    put(A, ONE);
    compact(3);
    assertThat(at(3).kvs()).extracting(KeyValue::value).containsExactly(TWO);
    assertThat(at(3).revision()).isEqualTo(4);
    assertThat(read(query(2))).isEqualTo(refused(KvError.COMPACTED));
    assertThat(read(query(5))).isEqualTo(refused(KvError.FUTURE_REVISION));
    assertThat(at(-1).kvs()).extracting(KeyValue::modRevision).containsExactly(4L);
  }

  @Test
  void inATransactionANegativeRevisionIsCompactedOnceAnythingIs() {
    put(A, ONE);
    assertThat(apply(then(query(-1), put(B)))).isInstanceOf(Result.Txn.class);
    assertThat(apply(then(query(-2), put(B)))).isEqualTo(refused(KvError.COMPACTED));
    compact(2);
    assertThat(apply(then(query(-1), put(B)))).isEqualTo(refused(KvError.COMPACTED));
  }

  @Test
  void ignoringTheValueNeedsAKey() {
    Command.Put ignoring = new Command.Put(A, Bytes.EMPTY, 0, false, true, false);
    assertThat(apply(ignoring)).isEqualTo(refused(KvError.KEY_NOT_FOUND));
    put(A, ONE);
    apply(ignoring);
    assertThat(kvs(Range.of(A))).containsExactly(new KeyValue(A, ONE, 2, 3, 2, 0));
  }

  @Test
  void aLeaseThatDoesNotExistRefusesThePut() {
    Command.Put leased = new Command.Put(A, ONE, 7, false, false, false);
    assertThat(apply(leased)).isEqualTo(refused(KvError.LEASE_NOT_FOUND));
    assertThat(apply(then(leased))).isEqualTo(refused(KvError.LEASE_NOT_FOUND));
    assertThat(store.revision()).isEqualTo(1);
  }

  @Test
  void aPutGivesBackWhatWasThereWhenAsked() {
    Command.Put asking = new Command.Put(A, TWO, 0, true, false, false);
    assertThat(apply(asking)).isEqualTo(new Result.Put(2, null));
    assertThat(apply(asking)).isEqualTo(new Result.Put(3, new KeyValue(A, TWO, 2, 2, 1, 0)));
  }

  @Test
  void aDeletionOfManyKeysIsOneRevision() {
    put3();
    Result.DeleteRange deleted = (Result.DeleteRange) apply(new Command.DeleteRange(A, C, true));
    assertThat(deleted.revision()).isEqualTo(5);
    assertThat(deleted.deleted()).isEqualTo(2);
    assertThat(deleted.previous()).extracting(KeyValue::key).containsExactly(A, B);
    assertThat(changes(5)).containsExactly("delete a", "delete b");
  }

  // Txn

  @Test
  void theValueOfAMissingKeyComparesAsNothing() {
    for (Relation relation : Relation.values()) {
      assertThat(holds(A, Bytes.EMPTY, relation, new Operand.Value(ONE))).isFalse();
      assertThat(holds(A, NO_END, relation, new Operand.Value(ONE))).isFalse();
    }
  }

  @Test
  void theNumbersOfAMissingKeyCompareAsZeros() {
    for (Operand zero :
        List.of(
            new Operand.Version(0),
            new Operand.CreateRevision(0),
            new Operand.ModRevision(0),
            new Operand.Lease(0))) {
      assertThat(holds(A, Bytes.EMPTY, Relation.EQUAL, zero)).isTrue();
      assertThat(holds(A, NO_END, Relation.EQUAL, zero)).isTrue();
      assertThat(holds(A, NO_END, Relation.NOT_EQUAL, zero)).isFalse();
    }
  }

  @Test
  void aRangeComparesTrueWhenEveryKeyDoes() {
    put3();
    assertThat(holds(A, NO_END, Relation.EQUAL, new Operand.Version(1))).isTrue();
    put(B, TWO);
    assertThat(holds(A, NO_END, Relation.EQUAL, new Operand.Version(1))).isFalse();
    assertThat(holds(A, NO_END, Relation.GREATER, new Operand.Version(0))).isTrue();
    assertThat(holds(A, NO_END, Relation.LESS, new Operand.ModRevision(6))).isTrue();
  }

  @Test
  void aRangeAfterAPutSeesItInItsRevision() {
    put(A, ONE);
    Result.Txn txn =
        (Result.Txn)
            apply(
                then(
                    Range.of(A),
                    delete(D, Bytes.EMPTY),
                    put(B),
                    delete(D, Bytes.EMPTY),
                    Range.of(A, NO_END),
                    query(2)));
    assertThat(txn.responses())
        .extracting(Result::revision)
        .containsExactly(2L, 2L, 3L, 3L, 3L, 3L);
    assertThat(((Result.Range) txn.responses().get(4)).kvs())
        .extracting(KeyValue::key)
        .containsExactly(A, B);
    assertThat(((Result.Range) txn.responses().get(5)).count()).isEqualTo(1);
  }

  @Test
  void aNestedComparisonSeesTheStateBefore() {
    Compare missing = new Compare(A, Bytes.EMPTY, Relation.EQUAL, new Operand.Version(0));
    Command.Txn inner = new Command.Txn(List.of(missing), List.of(put(B)), List.of(put(C)));
    Result.Txn txn = (Result.Txn) apply(then(put(A), inner));
    Result.Txn nested = (Result.Txn) txn.responses().get(1);
    assertThat(nested.succeeded()).isTrue();
    assertThat(nested.revision()).isZero();
    assertThat(keys(Range.of(A, NO_END))).containsExactly(A, B);
  }

  @Test
  void aFutureRevisionRefusesTheWholeTransaction() {
    put(A, ONE);
    assertThat(apply(then(put(B), query(3)))).isEqualTo(refused(KvError.FUTURE_REVISION));
    put(B, ONE);
    compact(3);
    assertThat(apply(then(put(C), query(2)))).isEqualTo(refused(KvError.COMPACTED));
    assertThat(apply(then(put(C), then(put(D), query(9)))))
        .isEqualTo(refused(KvError.FUTURE_REVISION));
    assertThat(store.revision()).isEqualTo(3);
    assertThat(keys(Range.of(A, NO_END))).containsExactly(A, B);
  }

  @Test
  void theBranchNotTakenRefusesNothing() {
    Compare wrong = new Compare(A, Bytes.EMPTY, Relation.EQUAL, new Operand.Version(1));
    Command.Txn txn = new Command.Txn(List.of(wrong), List.of(query(9)), List.of(put(B)));
    assertThat(((Result.Txn) apply(txn)).succeeded()).isFalse();
    assertThat(store.revision()).isEqualTo(2);
  }

  @Test
  void aTransactionWithoutOperationsKeepsTheRevision() {
    Compare wrong = new Compare(A, Bytes.EMPTY, Relation.EQUAL, new Operand.Version(1));
    assertThat(apply(new Command.Txn(List.of(wrong), List.of(), List.of())))
        .isEqualTo(new Result.Txn(1, false, List.of()));
  }

  @Test
  void changesOfATransactionKeepTheirOrderInOneRevision() {
    put(B, ONE);
    apply(then(delete(B, Bytes.EMPTY), put(A)));
    assertThat(store.revision()).isEqualTo(3);
    assertThat(changes(3)).containsExactly("delete b", "put a");
  }

  @Test
  void allKeysDeletedAndOnePutIsThere() {
    put3();
    apply(then(delete(A, NO_END), put(B)));
    assertThat(kvs(Range.of(A, NO_END))).containsExactly(new KeyValue(B, ONE, 5, 5, 1, 0));
    assertThat(at(4).count()).isEqualTo(3);
  }

  @Test
  void aKeyPutAndDeletedByNestedTransactionsIsGone() {
    apply(then(then(put(A)), then(delete(A, Bytes.EMPTY))));
    assertThat(store.revision()).isEqualTo(2);
    assertThat(at(2).count()).isZero();
    assertThat(changes(2)).containsExactly("put a", "delete a");
  }

  // Compact

  @Test
  void compactingTwiceIsRefused() {
    put3();
    assertThat(compact(3)).isEqualTo(new Result.Done(4));
    assertThat(compact(3)).isEqualTo(refused(KvError.COMPACTED));
    assertThat(compact(-1)).isEqualTo(refused(KvError.COMPACTED));
    assertThat(compact(4)).isEqualTo(new Result.Done(4));
  }

  @Test
  void compactingTheFutureIsRefused() {
    assertThat(compact(2)).isEqualTo(refused(KvError.FUTURE_REVISION));
    assertThat(compact(0)).isEqualTo(new Result.Done(1));
    assertThat(compact(1)).isEqualTo(new Result.Done(1));
  }

  @Test
  void aDeletionAtTheCompactRevisionIsKeptForWatchers() {
    put(A, ONE);
    put(B, ONE);
    apply(delete(A, NO_END));
    put(C, ONE);
    compact(4);
    compactWholly();
    assertThat(changes(3)).isEmpty();
    assertThat(changes(4)).containsExactly("delete a", "delete b");
    assertThat(at(4).count()).isZero();
    compact(5);
    compactWholly();
    assertThat(changes(4)).isEmpty();
    assertThat(changes(5)).containsExactly("put c");
  }

  @Test
  void removingWhatIsCompactedChangesNoHash() {
    put3();
    put(A, TWO);
    apply(delete(B, Bytes.EMPTY));
    compact(5);
    HashKv before = hashKv(0);
    compactWholly();
    assertThat(hashKv(0)).isEqualTo(before);
    assertThat(before.compactRevision()).isEqualTo(5);
    assertThat(before.hashRevision()).isEqualTo(6);
  }

  @Test
  void compactingEverythingKeepsTheRevision() {
    put(A, ONE);
    apply(delete(A, Bytes.EMPTY));
    compact(3);
    compactWholly();
    assertThat(Store.open(engine, List.of()).revision()).isEqualTo(3);
  }

  @Test
  void hashesAreRefusedAsReadsAre() {
    put3();
    compact(3);
    assertThat(hashKv(2).outcome()).isEqualTo(refused(KvError.COMPACTED));
    assertThat(hashKv(5).outcome()).isEqualTo(refused(KvError.FUTURE_REVISION));
    assertThat(hashKv(3).outcome()).isEqualTo(new Result.Done(4));
  }

  @Test
  void theHashOfARevisionStaysWhenMoreIsWritten() {
    put3();
    HashKv then = hashKv(0);
    put(A, TWO);
    apply(delete(B, Bytes.EMPTY));
    assertThat(hashKv(4).hash()).isEqualTo(then.hash());
    assertThat(hashKv(5).hash()).isNotEqualTo(then.hash());
    assertThat(hashKv(6).hash()).isNotEqualTo(hashKv(5).hash());
  }

  // Alarms and members

  @Test
  void withoutSpaceOnlyPutsAreRefused() {
    put(A, ONE);
    Alarm alarm = new Alarm(9, Alarm.Kind.NOSPACE);
    Result.Alarms told = new Result.Alarms(2, List.of(alarm));
    assertThat(apply(new Command.SetAlarm(alarm, true))).isEqualTo(told);
    assertThat(apply(new Command.SetAlarm(alarm, true))).isEqualTo(told);
    assertThat(store.alarms()).containsExactly(alarm);
    assertThat(apply(put(A))).isEqualTo(refused(KvError.NO_SPACE));
    assertThat(apply(new Command.Txn(List.of(), List.of(), List.of(put(A)))))
        .isEqualTo(refused(KvError.NO_SPACE));
    assertThat(apply(delete(A, Bytes.EMPTY))).isEqualTo(new Result.DeleteRange(3, 1, List.of()));
    assertThat(compact(2)).isEqualTo(new Result.Done(3));
    assertThat(apply(new Command.SetAlarm(alarm, false)))
        .isEqualTo(new Result.Alarms(3, List.of(alarm)));
    assertThat(apply(new Command.SetAlarm(alarm, false)))
        .isEqualTo(new Result.Alarms(3, List.of()));
    assertThat(put(A, ONE).revision()).isEqualTo(4);
  }

  @Test
  void aCorruptClusterRefusesEveryWrite() {
    apply(new Command.SetAlarm(new Alarm(1, Alarm.Kind.NOSPACE), true));
    apply(new Command.SetAlarm(new Alarm(2, Alarm.Kind.CORRUPT), true));
    for (Command command :
        List.of(
            put(A), delete(A, NO_END), then(delete(A, NO_END)), new Command.Compact(1, false))) {
      assertThat(apply(command)).isEqualTo(refused(KvError.CORRUPT));
    }
    assertThat(range(new Query()).count()).isZero();
  }

  @Test
  void theFirstDiskOfAMemberStays() {
    Engine other = new MemoryEngines(new MemoryMedium()).open("store");
    List<String> peers = List.of("http://peer");
    Store members =
        Store.open(
            other,
            List.of(
                new Member(-1, "", peers, List.of(), false, 0),
                new Member(1, "", peers, List.of(), false, 0)));
    assertThat(members.members()).extracting(Member::id).containsExactly(1L, -1L);
    Command first = new Command.Publish(-1, "one", List.of("http://a"), 77);
    Command second = new Command.Publish(-1, "uno", List.of("http://b"), 78);
    Command unknown = new Command.Publish(5, "five", List.of(), 79);
    members.apply(List.of(entry(1, first), entry(2, second), entry(3, unknown)));
    assertThat(members.members())
        .containsExactly(
            new Member(1, "", peers, List.of(), false, 0),
            new Member(-1, "uno", peers, List.of("http://b"), false, 77));
    assertThat(Store.open(other, List.of()).members()).isEqualTo(members.members());
  }

  // how to say it shortly

  private static final class Query {
    private long limit;
    private long revision;
    private SortOrder order = SortOrder.NONE;
    private SortTarget target = SortTarget.KEY;
    private boolean keysOnly;
    private boolean countOnly;
    private long minMod;

    Query limit(long most) {
      limit = most;
      return this;
    }

    Query at(long past) {
      revision = past;
      return this;
    }

    Query sort(SortOrder direction, SortTarget by) {
      order = direction;
      target = by;
      return this;
    }

    Query keysOnly() {
      keysOnly = true;
      return this;
    }

    Query countOnly() {
      countOnly = true;
      return this;
    }

    Query minMod(long least) {
      minMod = least;
      return this;
    }

    Range range() {
      return new Range(
          A, NO_END, limit, revision, order, target, keysOnly, countOnly, minMod, 0, 0, 0);
    }
  }

  private static Applied entry(long index, Command command) {
    return Applied.of(index, 1, Envelope.of(new Envelope.RequestId(1, 1, index), command));
  }

  private Result apply(Command command) {
    return store.apply(List.of(entry(store.appliedIndex() + 1, command))).getFirst();
  }

  private Result put(Bytes key, Bytes value) {
    return apply(new Command.Put(key, value, 0, false, false, false));
  }

  private static Command.Put put(Bytes key) {
    return new Command.Put(key, ONE, 0, false, false, false);
  }

  private void put3() {
    put(A, ONE);
    put(B, ONE);
    put(C, ONE);
  }

  private static Command.DeleteRange delete(Bytes key, Bytes rangeEnd) {
    return new Command.DeleteRange(key, rangeEnd, false);
  }

  private static Command.Txn then(Op... ops) {
    return new Command.Txn(List.of(), List.of(ops), List.of());
  }

  private boolean holds(Bytes key, Bytes rangeEnd, Relation relation, Operand operand) {
    Compare compare = new Compare(key, rangeEnd, relation, operand);
    Command.Txn txn = new Command.Txn(List.of(compare), List.of(), List.of());
    return ((Result.Txn) apply(txn)).succeeded();
  }

  private Result compact(long revision) {
    return apply(new Command.Compact(revision, false));
  }

  private void compactWholly() {
    while (store.isCompacting()) {
      store.compactSome(2);
    }
  }

  private Result refused(KvError error) {
    return new Result.Refused(store.revision(), error);
  }

  private static Range query(long revision) {
    return new Query().at(revision).range();
  }

  private Result.Range at(long revision) {
    return (Result.Range) read(query(revision));
  }

  private Result.Range range(Query query) {
    return (Result.Range) read(query.range());
  }

  private List<KeyValue> kvs(Range range) {
    return ((Result.Range) read(range)).kvs();
  }

  private List<Bytes> keys(Range range) {
    return kvs(range).stream().map(KeyValue::key).toList();
  }

  private Result read(Range range) {
    try (Engine.View view = engine.view()) {
      return store.read(range, view);
    }
  }

  private HashKv hashKv(long revision) {
    try (Engine.View view = engine.view()) {
      return store.hashKv(revision, view);
    }
  }

  /** The changes of a revision, in their order. */
  private List<String> changes(long revision) {
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
}
