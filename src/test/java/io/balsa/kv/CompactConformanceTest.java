package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.model.Alarm;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.HashKv;
import io.balsa.model.KvError;
import io.balsa.model.Member;
import io.balsa.model.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What etcd does with compaction, hashes, alarms and members, point by point; each was seen on a
 * running etcd 3.4.23 or read in 3.6.
 */
class CompactConformanceTest extends Conformance {
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
  void aCompactionIsLateOnceTheNextIsAskedFor() {
    put3();
    put(A, TWO);
    put(A, ONE);
    compact(4);
    assertThat(store.isCompactingLate()).isFalse();
    store.compactSome(1);
    assertThat(store.isCompactingLate()).isFalse();
    compact(5);
    assertThat(store.isCompactingLate()).isTrue();
    while (store.isCompactingLate()) {
      assertThat(store.compactSome(1)).isTrue();
    }
    compactWholly();
    assertThat(store.isCompacting()).isFalse();
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
    assertThat(range(ALL).count()).isZero();
  }

  @Test
  void kb58ACheckpointHasTheConfigurationOfItsOwnIndex() {
    MemoryEngines engines = new MemoryEngines(new MemoryMedium());
    Engine other = engines.open("store");
    Store members = Store.open(other, List.of());
    Bytes first = Bytes.of(1);
    Bytes second = Bytes.of(2);
    members.apply(List.of(EntryToApply.configuration(1, 1, first), entry(2, put(A))));
    other.checkpoint("checkpoint");
    members.apply(List.of(entry(3, put(B)), EntryToApply.configuration(4, 1, second)));
    Store copy = Store.open(engines.open("checkpoint"), List.of());
    assertThat(copy.appliedIndex()).isEqualTo(2);
    assertThat(copy.configuration()).isEqualTo(first);
    assertThat(members.configuration()).isEqualTo(second);
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
}
