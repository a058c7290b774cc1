package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.Compare;
import io.balsa.model.Compare.Operand;
import io.balsa.model.Compare.Relation;
import io.balsa.model.EntryToApply;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.StoreLimits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a transaction may cost and answer, limit by limit. */
class TxnCostTest {
  private static final Bytes A = Bytes.utf8("a");
  private static final Bytes B = Bytes.utf8("b");
  private static final Bytes NO_END = Bytes.of(0);
  private static final Range COUNT = Range.count(A, NO_END, 0);

  /** So many that a value is not read with the rest of its row. */
  private static final int LARGE = 10_000;

  private final CountedEngine engine =
      new CountedEngine(new MemoryEngines(new MemoryMedium()).open("store"));
  private Store store = Store.open(engine, List.of());

  private static StoreLimits limits(long txnKeys, long answerBytes) {
    return StoreLimits.DEFAULT
        .withSweepKeys(2_000)
        .withTxnKeys(txnKeys)
        .withAnswerBytes(answerBytes)
        .withLeases(1_000);
  }

  private void open(long txnKeys, long answerBytes) {
    store = Store.open(engine, List.of(), limits(txnKeys, answerBytes));
  }

  private EntryToApply entry(Command command) {
    return Conformance.entry(store.appliedIndex() + 1, command);
  }

  private Result apply(Command command) {
    return store.apply(List.of(entry(command))).getFirst();
  }

  private static Command.Put put(Bytes key, int bytes) {
    return new Command.Put(key, Bytes.wrap(new byte[bytes]), 0, false, false, false);
  }

  private void fill(int keys, int bytes) {
    for (int i = 0; i < keys; i++) {
      apply(put(Bytes.utf8(String.format("k%06d", i)), bytes));
    }
  }

  private static Command.Txn then(Op first, List<? extends Op> others) {
    List<Op> ops = new ArrayList<>(List.of(first));
    ops.addAll(others);
    return new Command.Txn(List.of(), ops, List.of());
  }

  private void isRefused(Command command, KvError error) {
    long revision = store.revision();
    assertThat(apply(command)).isEqualTo(new Result.Refused(revision, error));
    assertThat(store.revision()).isEqualTo(revision);
  }

  @Test
  void aPutWithManyCountsOfALargeStoreIsRefused() {
    fill(1_000, 1);
    isRefused(then(put(A, 1), Collections.nCopies(126, COUNT)), KvError.TXN_TOO_LARGE);
    assertThat(apply(then(put(A, 1), Collections.nCopies(90, COUNT))))
        .isInstanceOf(Result.Txn.class);
  }

  @Test
  void comparisonsOverRangesCountUpToTheKeyThatDecides() {
    fill(1_000, 1);
    Compare all = new Compare(A, NO_END, Relation.GREATER, new Operand.Version(0));
    Compare none = new Compare(A, NO_END, Relation.EQUAL, new Operand.Version(0));
    isRefused(
        new Command.Txn(Collections.nCopies(127, all), List.of(put(A, 1)), List.of()),
        KvError.TXN_TOO_LARGE);
    assertThat(apply(new Command.Txn(List.of(none), List.of(), List.of(put(A, 1)))))
        .isInstanceOf(Result.Txn.class);
  }

  @Test
  void aDeletedKeyCountsMore() {
    open(50, 1 << 20);
    fill(10, 1);
    Command.DeleteRange nine = new Command.DeleteRange(Bytes.utf8("k000001"), NO_END, false);
    Command.DeleteRange all = new Command.DeleteRange(A, NO_END, false);
    isRefused(then(all, List.of(put(A, 1))), KvError.TXN_TOO_LARGE);
    assertThat(apply(then(nine, List.of(put(A, 1))))).isInstanceOf(Result.Txn.class);
    assertThat(store.keys()).isEqualTo(2);
  }

  @Test
  void largeValuesCountAsTheyAreRead() {
    open(100, 1 << 20);
    fill(10, 10 << 10);
    isRefused(then(put(A, 1), List.of(COUNT)), KvError.TXN_TOO_LARGE);
  }

  @Test
  void manyRangesOfOneLargePutAreRefusedThoughItIsNotStoredYet() {
    Command.Put large = put(A, 1_400_000);
    isRefused(then(large, Collections.nCopies(127, Range.of(A))), KvError.ANSWER_TOO_LARGE);
    assertThat(apply(then(large, Collections.nCopies(5, Range.of(A)))).bytes())
        .isGreaterThan(7_000_000);
    isRefused(then(large, Collections.nCopies(6, Range.of(A))), KvError.ANSWER_TOO_LARGE);
  }

  @Test
  void whatASortHoldsCountsAsItsAnswer() {
    open(100_000, 10_000);
    fill(20, 1_000);
    Range sorted = Range.of(A, NO_END).sorted(Range.SortOrder.DESCEND, Range.SortTarget.MOD);
    isRefused(then(put(A, 1), List.of(sorted)), KvError.ANSWER_TOO_LARGE);
    assertThat(apply(then(put(A, 1), List.of(sorted.withLimit(5))))).isInstanceOf(Result.Txn.class);
  }

  @Test
  void theVersionBeforeIsRefusedWhenItIsTooLarge() {
    open(100_000, 1_000);
    apply(put(A, 2_000));
    isRefused(new Command.Put(A, B, 0, true, false, false), KvError.ANSWER_TOO_LARGE);
    isRefused(
        then(new Command.Put(A, B, 0, true, false, false), List.of()), KvError.ANSWER_TOO_LARGE);
    assertThat(apply(put(A, 1))).isInstanceOf(Result.Put.class);
  }

  /** All that is replaced is held in memory until it is stored. */
  @Test
  void manyLargeVersionsAreNotReplacedAtOnce() {
    open(100_000, 5_000);
    List<Command.Put> puts = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      puts.add(put(Bytes.utf8("k" + i), 1_000));
    }
    puts.forEach(this::apply);
    isRefused(then(put(A, 1), puts), KvError.TXN_TOO_LARGE);
    assertThat(apply(then(put(A, 1), puts.subList(0, 4)))).isInstanceOf(Result.Txn.class);
    apply(put(A, 9_000));
    assertThat(apply(then(put(A, 1), List.of(put(B, 1))))).isInstanceOf(Result.Txn.class);
  }

  @Test
  void readsOfThePastCountWhatIsThereAndWhatWas() {
    open(90, 1 << 20);
    fill(20, 1);
    for (int i = 0; i < 20; i++) {
      apply(new Command.DeleteRange(Bytes.utf8(String.format("k%06d", i)), Bytes.EMPTY, false));
    }
    Range past = COUNT.withRevision(21);
    assertThat(apply(then(put(A, 1), List.of(past, past)))).isInstanceOf(Result.Txn.class);
    isRefused(then(put(A, 1), List.of(past, past, past)), KvError.TXN_TOO_LARGE);
    apply(new Command.Compact(31, false));
    Range later = COUNT.withRevision(31);
    assertThat(apply(then(put(A, 1), List.of(later, later, later)))).isInstanceOf(Result.Txn.class);
  }

  /** Each may come across any number of versions that compaction has yet to remove. */
  @Test
  void rangesOfThePastAreFew() {
    apply(put(A, 1));
    apply(put(A, 1));
    Range past = COUNT.withRevision(2);
    assertThat(apply(then(put(B, 1), Collections.nCopies(4, past)))).isInstanceOf(Result.Txn.class);
    isRefused(then(put(B, 1), Collections.nCopies(5, past)), KvError.TXN_TOO_LARGE);
  }

  @Test
  void aPutReadsTheStoreOnce() {
    apply(put(A, 1));
    assertThat(gets(put(A, 1))).isEqualTo(1);
    assertThat(gets(new Command.Put(A, B, 0, true, false, false))).isEqualTo(1);
    assertThat(gets(put(B, 1))).isEqualTo(1);
    assertThat(engine.views()).isZero();
  }

  /** Kubernetes' update: compare, put, or else get. */
  @Test
  void anUpdateByItsRevisionReadsTheStoreTwice() {
    apply(put(A, 1));
    Compare unchanged =
        new Compare(A, Bytes.EMPTY, Relation.EQUAL, new Operand.ModRevision(store.revision()));
    Command.Txn update =
        new Command.Txn(List.of(unchanged), List.of(put(A, 1)), List.of(Range.of(A)));
    assertThat(gets(update)).isEqualTo(2);
    assertThat(store.revision()).isEqualTo(3);
    assertThat(gets(update)).isEqualTo(2);
    assertThat(store.revision()).isEqualTo(3);
    assertThat(engine.views()).isZero();
  }

  private int gets(Command command) {
    engine.forget();
    apply(command);
    return engine.gets();
  }

  @Test
  void applyingStopsWhereItIsToldTo() {
    List<EntryToApply> entries = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      entries.add(Conformance.entry(i, put(A, i)));
    }
    List<Result> seen = new ArrayList<>();
    List<Result> results =
        store.applySome(
            entries,
            result -> {
              seen.add(result);
              return seen.size() < 3;
            });
    assertThat(results).hasSize(3).isEqualTo(seen);
    assertThat(store.appliedIndex()).isEqualTo(3);
    assertThat(store.apply(entries.subList(3, 5))).hasSize(2);
    assertThat(store.revision()).isEqualTo(6);
  }

  @Test
  void anAnswerThatNobodyWaitsForIsMeasuredAlone() {
    apply(put(A, 100));
    Command.Txn txn = then(Range.of(A), List.of(put(B, 1), new Command.DeleteRange(A, B, true)));
    Result.Txn result =
        (Result.Txn) store.apply(List.of(Conformance.inRoom(entry(txn), null))).getFirst();
    assertThat(result.responses().get(0)).isInstanceOf(Result.Measured.class);
    assertThat(result.responses().get(1)).isInstanceOf(Result.Put.class);
    assertThat(result.responses().get(2)).isInstanceOf(Result.Measured.class);
  }

  @Test
  void anAnswerWithoutRoomIsMeasuredAsItWouldHaveBeenBuilt() {
    Store other = Store.open(new MemoryEngines(new MemoryMedium()).open("other"), List.of());
    Command.Txn txn =
        then(Range.of(A), List.of(Range.of(A).withRevision(2), put(B, 1), Range.of(B)));
    List<Command> commands = List.of(put(A, LARGE), put(A, LARGE + 1), txn);
    Result built = new Result.Done(0);
    Result measured = built;
    for (Command command : commands) {
      EntryToApply entry = entry(command);
      engine.forget();
      measured = store.apply(List.of(Conformance.inRoom(entry, _ -> false))).getFirst();
      built = other.apply(List.of(entry)).getFirst();
    }
    assertThat(engine.bytes()).as("read of the values").isLessThan(LARGE);
    assertThat(built.isBuilt()).isTrue();
    assertThat(measured.isBuilt()).isFalse();
    assertThat(measured.bytes()).isEqualTo(built.bytes());
    assertThat(measured.builtBytes()).isLessThan(LARGE);
    assertThat(other.hash()).isEqualTo(store.hash());
  }

  @Test
  void largeValuesOfNowAndThePastAreAnsweredWhole() {
    apply(put(A, LARGE));
    apply(put(A, LARGE + 1));
    Range now = Range.of(A);
    Command.Txn txn = new Command.Txn(List.of(), List.of(now, now.withRevision(2)), List.of());
    Result.Txn answer = (Result.Txn) apply(txn);
    assertThat(answer.responses())
        .extracting(response -> ((Result.Range) response).kvs().getFirst().value().size())
        .containsExactly(LARGE + 1, LARGE);
  }

  @Test
  void onlyAConditionOnAValueReadsIt() {
    apply(put(A, LARGE));
    Compare version = new Compare(A, Bytes.EMPTY, Relation.EQUAL, new Operand.Version(2));
    Compare value = new Compare(A, Bytes.EMPTY, Relation.EQUAL, new Operand.Value(B));
    engine.forget();
    apply(new Command.Txn(List.of(version), List.of(), List.of(put(B, 1))));
    assertThat(engine.bytes()).isLessThan(LARGE);
    apply(new Command.Txn(List.of(value), List.of(), List.of(put(B, 1))));
    assertThat(engine.bytes()).isGreaterThan(LARGE);
  }
}
