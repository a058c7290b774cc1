package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.model.Caller;
import io.balsa.model.Changes;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.Envelope.RequestId;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.StoreLimits;
import io.balsa.model.WriteId;
import io.balsa.rows.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Deletions of many keys: when they are large, what they answer, and what is refused. */
class LargeDeletionTest {
  private static final Bytes ALL = Bytes.of(0);
  private static final StoreLimits SMALL =
      StoreLimits.DEFAULT
          .withDeletionKeys(4)
          .withSweepKeys(3)
          .withTombstonesMax(2)
          .withTxnKeys(1_000)
          .withAnswerBytes(10_000)
          .withChunkBytes(1 << 20)
          .withChangesBytes(1 << 20)
          .withLeases(2);

  private final Engine engine = new MemoryEngines(new MemoryMedium()).open("state");
  private Store store = Store.open(engine, List.of(), SMALL);

  private Result run(WriteId write, Command command) {
    long index = store.appliedIndex() + 1;
    Envelope envelope = new Envelope(new RequestId(7, 1, index), write, Caller.nobody(1), command);
    return store.apply(List.of(EntryToApply.of(index, 1, envelope))).getFirst();
  }

  private Result run(Command command) {
    return run(WriteId.NONE, command);
  }

  private void put(String key, long lease, int bytes) {
    Bytes value = Bytes.wrap(new byte[bytes]);
    assertThat(run(new Command.Put(Bytes.utf8(key), value, lease, false, false, false)))
        .isInstanceOf(Result.Put.class);
  }

  private void fill(int keys, long lease) {
    for (int i = 0; i < keys; i++) {
      put("k" + (10_000_000 + i), lease, 1);
    }
  }

  private Result deleteAll(boolean prevKv) {
    return run(new Command.DeleteRange(ALL, ALL, prevKv));
  }

  private long count() {
    try (Engine.View view = engine.view()) {
      return ((Result.Range) store.read(Range.of(ALL, ALL), view)).count();
    }
  }

  private Result sweep() {
    return run(new Command.Sweep(store.tombstones().oldest()));
  }

  private Result.Swept sweepAll() {
    Result.Swept swept = (Result.Swept) sweep();
    while (!swept.over()) {
      swept = (Result.Swept) sweep();
    }
    return swept;
  }

  private static Result.Refused refused(long revision, KvError error) {
    return new Result.Refused(revision, error);
  }

  @Test
  void asManyKeysAsTheLimitGoAtOnceAndOneMoreBySweeps() {
    fill(4, 0);
    assertThat(deleteAll(false)).isEqualTo(new Result.DeleteRange(6, 4, List.of()));
    fill(5, 0);
    assertThat(deleteAll(false)).isEqualTo(new Result.UnderWay(12));
    assertThat(count()).isZero();
    assertThat(sweep()).isEqualTo(new Result.Swept(12, 12, false, 3));
    assertThat(sweep()).isEqualTo(new Result.Swept(12, 12, true, 5));
    assertThat(run(new Command.Sweep(12))).isEqualTo(new Result.Done(12));
    assertThat(store.deletion(12)).isEqualTo(new Result.DeleteRange(12, 5, List.of()));
    assertThat(store.keys()).isZero();
    assertThat(store.liveBytes()).isZero();
  }

  @Test
  void twoLargeValuesAreALargeDeletionButOneIsNot() {
    put("a", 0, 2 << 20);
    assertThat(deleteAll(false)).isEqualTo(new Result.DeleteRange(3, 1, List.of()));
    put("a", 0, 1 << 20);
    put("b", 0, 1);
    assertThat(deleteAll(false)).isEqualTo(new Result.UnderWay(6));
  }

  @Test
  void whatIsAnsweredGoesAtOnceOrNotAtAll() {
    fill(100, 0);
    assertThat(((Result.DeleteRange) deleteAll(true)).previous()).hasSize(100);
    fill(200, 0);
    assertThat(deleteAll(true)).isEqualTo(refused(302, KvError.ANSWER_TOO_LARGE));
    assertThat(count()).isEqualTo(200);
    store = Store.open(engine, List.of(), withTxnKeys(500));
    assertThat(deleteAll(true)).isEqualTo(refused(302, KvError.TXN_TOO_LARGE));
    assertThat(count()).isEqualTo(200);
  }

  private static StoreLimits withTxnKeys(long keys) {
    return SMALL.withTxnKeys(keys).withAnswerBytes(1 << 20);
  }

  @Test
  void nothingIsDoneWhileTooManyAreUnderWay() {
    for (int i = 0; i < 2; i++) {
      fill(5, 0);
      assertThat(deleteAll(false)).isInstanceOf(Result.UnderWay.class);
    }
    fill(5, 0);
    long revision = store.revision();
    assertThat(deleteAll(false)).isEqualTo(refused(revision, KvError.TOO_MANY_DELETIONS));
    assertThat(count()).isEqualTo(5);
    sweepAll();
    assertThat(deleteAll(false)).isInstanceOf(Result.UnderWay.class);
  }

  /** Going over all that another deletion has yet to sweep would be as much work again. */
  @Test
  void aDeletionOfWhatIsBeingDeletedIsRefusedWhenThatIsMuch() {
    fill(Extent.COVERED_MAX + 1, 0);
    assertThat(deleteAll(false)).isInstanceOf(Result.UnderWay.class);
    long revision = store.revision();
    assertThat(deleteAll(false)).isEqualTo(refused(revision, KvError.TOO_MANY_DELETIONS));
    assertThat(deleteAll(true)).isEqualTo(refused(revision, KvError.TOO_MANY_DELETIONS));
    sweep();
    assertThat(deleteAll(false)).isEqualTo(new Result.DeleteRange(revision, 0, List.of()));
  }

  /** Few keys may be many bytes, and each value that is stepped over is read. */
  @Test
  void soItIsWhenThatIsManyBytes() {
    for (int i = 0; i < 9; i++) {
      put("k" + i, 0, 1 << 20);
    }
    assertThat(deleteAll(false)).isInstanceOf(Result.UnderWay.class);
    long revision = store.revision();
    assertThat(deleteAll(false)).isEqualTo(refused(revision, KvError.TOO_MANY_DELETIONS));
    assertThat(deleteAll(true)).isEqualTo(refused(revision, KvError.TOO_MANY_DELETIONS));
    put("j", 0, 1);
    assertThat(deleteAll(false)).as("one key before them").isInstanceOf(Result.UnderWay.class);
    sweepAll();
    sweepAll();
    revision = store.revision();
    assertThat(deleteAll(false)).isEqualTo(new Result.DeleteRange(revision, 0, List.of()));
  }

  private List<Changes> told(Command... commands) {
    List<EntryToApply> entries = new ArrayList<>();
    for (Command command : commands) {
      long index = store.appliedIndex() + 1 + entries.size();
      entries.add(
          EntryToApply.of(index, 1, Envelope.ofServer(new RequestId(7, 1, index), command)));
    }
    List<Changes> told = new ArrayList<>();
    store.apply(entries, told::addAll);
    return told;
  }

  @Test
  void whatIsToldAtOnceBeginsAfterALargeDeletion() {
    fill(5, 0);
    Command delete = new Command.DeleteRange(ALL, ALL, false);
    assertThat(told(putOf("a"), delete, putOf("b"), putOf("c")))
        .extracting(Changes::revision)
        .containsExactly(9L, 10L);
    assertThat(told(putOf("a"))).hasSize(1);
  }

  @Test
  void whatIsToldAtOnceBeginsAfterWhatWasTooMuch() {
    store = Store.open(engine, List.of(), withChangesBytes(350));
    assertThat(told(putOf("a"), putOf("b"), putOf("c"), putOf("d"), putOf("e")))
        .extracting(Changes::revision)
        .containsExactly(6L);
    assertThat(told(putOf("x"), putOf("y"))).extracting(Changes::revision).containsExactly(7L, 8L);
  }

  private static StoreLimits withChangesBytes(long bytes) {
    return SMALL.withChangesBytes(bytes);
  }

  @Test
  void aLeaseEndsAtOnceAndItsKeysAreSwept() {
    run(new Command.LeaseGrant(1, 60));
    fill(5, 1);
    put("other", 0, 1);
    assertThat(run(new Command.LeaseRevoke(1))).isEqualTo(new Result.UnderWay(8));
    assertThat(count()).isEqualTo(1);
    assertThat(run(new Command.LeaseGrant(1, 60))).isInstanceOf(Result.LeaseGrant.class);
    put("k10000001", 1, 1);
    assertThat(attached(1)).containsExactly(Bytes.utf8("k10000001"));
    assertThat(sweepAll().deleted()).isEqualTo(5);
    assertThat(attached(1)).containsExactly(Bytes.utf8("k10000001"));
    assertThat(count()).isEqualTo(2);
  }

  private List<Bytes> attached(long lease) {
    try (Engine.View view = engine.view()) {
      return StoreReader.whole(StoreReader.of(view).attached(Caller.SERVER, lease, Long.MAX_VALUE))
          .keys();
    }
  }

  @Test
  void thereAreNoMoreLeasesThanMayBe() {
    run(new Command.LeaseGrant(1, 60));
    run(new Command.LeaseGrant(2, 60));
    assertThat(run(new Command.LeaseGrant(2, 60))).isEqualTo(refused(1, KvError.LEASE_EXISTS));
    assertThat(run(new Command.LeaseGrant(3, 60))).isEqualTo(refused(1, KvError.TOO_MANY_LEASES));
    store = Store.open(engine, List.of(), SMALL);
    assertThat(run(new Command.LeaseGrant(3, 60))).isEqualTo(refused(1, KvError.TOO_MANY_LEASES));
    run(new Command.LeaseRevoke(1));
    assertThat(run(new Command.LeaseGrant(3, 60))).isInstanceOf(Result.LeaseGrant.class);
  }

  @Test
  void aNamedDeletionIsAnsweredAlikeWheneverItComesAgain() {
    WriteId name = new WriteId(5, 1);
    Command delete = new Command.DeleteRange(ALL, ALL, false);
    fill(5, 0);
    assertThat(run(name, delete)).isEqualTo(new Result.UnderWay(7));
    assertThat(run(name, delete)).isEqualTo(new Result.UnderWay(7));
    long bytes = bytesRemembered();
    store = Store.open(engine, List.of(), SMALL);
    assertThat(run(name, delete)).isEqualTo(new Result.UnderWay(7));
    sweepAll();
    run(new Command.Compact(7, false));
    while (store.compactSome(10)) {
      assertThat(store.isCompacting()).isTrue();
    }
    store = Store.open(engine, List.of(), SMALL);
    assertThat(run(name, delete)).isEqualTo(new Result.DeleteRange(7, 5, List.of()));
    assertThat(bytesRemembered()).as("sizes decide who is forgotten").isEqualTo(bytes);
  }

  private long bytesRemembered() {
    try (Engine.View view = engine.view()) {
      return ClientRing.read(view, 5).bytes();
    }
  }

  @Test
  void compactionFreesWhatIsSweptAndWaitsForTheRest() {
    fill(7, 0);
    long used = store.usedBytes();
    deleteAll(false);
    assertThat(store.usedBytes()).isEqualTo(used);
    sweep();
    assertThat(store.usedBytes()).isEqualTo(used);
    run(new Command.Compact(store.revision(), false));
    assertThat(store.usedBytes()).isEqualTo(used * 4 / 7);
    assertThat(store.compactSome(1_000)).isFalse();
    assertThat(store.isCompacting()).as("the rest waits for the sweep").isTrue();
    sweepAll();
    assertThat(store.usedBytes()).isZero();
    assertThat(store.compactSome(1_000)).isFalse();
    assertThat(store.isCompacting()).isFalse();
    assertThat(Leftovers.of(engine, store.compactRevision())).isEmpty();
  }

  @Test
  void aSweepClearsTheAlarmWhenItMakesRoom() {
    run(new Command.SetQuota(5_000));
    int keys = 0;
    while (run(putOf("k" + keys)) instanceof Result.Put) {
      keys++;
    }
    deleteAll(false);
    run(new Command.Compact(store.revision(), false));
    assertThat(store.alarms()).hasSize(1);
    sweepAll();
    assertThat(store.alarms()).isEmpty();
  }

  private static Command putOf(String key) {
    return new Command.Put(Bytes.utf8(key), Bytes.wrap(new byte[100]), 0, false, false, false);
  }

  /** As the version before wrote it: without leases, tombstones and the rest of the numbers. */
  private void makeOld() {
    Bytes row = Objects.requireNonNull(engine.get(Layout.meta("state")));
    ByteReader<BrokenInvariant> in = ByteReader.ofRow(row);
    in.u8();
    ByteWriter old = new ByteWriter(64).u8(2);
    for (int i = 0; i < 4; i++) {
      old.varint(in.varint());
    }
    old.fixed64(in.fixed64()).varint(in.varint()).varint(in.varint());
    Bytes space = Objects.requireNonNull(engine.get(Layout.meta("space")));
    engine.write(
        new Batch()
            .put(Layout.meta("state"), old.done())
            .put(Layout.meta("space"), space.slice(0, space.size() - 1)));
  }

  @Test
  void aStoreOfTheVersionBeforeGoesOn() {
    run(new Command.SetQuota(1 << 20));
    run(new Command.LeaseGrant(1, 60));
    run(new Command.LeaseGrant(2, 60));
    fill(6, 1);
    long used = store.usedBytes();
    makeOld();

    store = Store.open(engine, List.of(), SMALL);

    assertThat(store.usedBytes()).isEqualTo(used);
    assertThat(store.isHashComparable()).isFalse();
    assertThat(run(new Command.LeaseGrant(3, 60)))
        .isEqualTo(refused(store.revision(), KvError.TOO_MANY_LEASES));
    assertThat(deleteAll(false)).isInstanceOf(Result.UnderWay.class);
    assertThat(sweepAll().deleted()).isEqualTo(6);
    assertThat(count()).isZero();
    store = Store.open(engine, List.of(), SMALL);
    assertThat(store.isHashComparable()).isFalse();
  }

  @Test
  void theHashBeginsAnewByAnEntryWhateverWasBefore() {
    Store other = Store.open(new MemoryEngines(new MemoryMedium()).open("other"), List.of());
    run(putOf("one"));
    other.apply(List.of(EntryToApply.of(1, 1, envelope(1, putOf("another")))));
    assertThat(other.hash()).isNotEqualTo(store.hash());
    makeOld();
    store = Store.open(engine, List.of(), SMALL);

    run(new Command.BeginHash());
    other.apply(List.of(EntryToApply.of(2, 1, envelope(2, new Command.BeginHash()))));

    assertThat(store.isHashComparable()).isTrue();
    assertThat(store.appliedHash()).isEqualTo(other.appliedHash());
    store = Store.open(engine, List.of(), SMALL);
    assertThat(store.isHashComparable()).isTrue();
    assertThat(store.appliedHash()).isEqualTo(other.appliedHash());
  }

  private static Envelope envelope(long index, Command command) {
    return Envelope.ofServer(new RequestId(7, 1, index), command);
  }

  @Test
  void aLaterVersionIsRefused() {
    Bytes row = Objects.requireNonNull(engine.get(Layout.meta("state")));
    Bytes later = new ByteWriter(64).u8(5).raw(row.from(1)).done();
    engine.write(new Batch().put(Layout.meta("state"), later));
    assertThatThrownBy(() -> Store.open(engine, List.of())).isInstanceOf(UnknownFormat.class);
  }
}
