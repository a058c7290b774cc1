package io.balsa.node.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import io.balsa.engine.DiskMedium;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.CountingRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Changes;
import io.balsa.model.Command;
import io.balsa.model.Envelope;
import io.balsa.model.Member;
import io.balsa.model.Result;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.Input;
import io.balsa.raft.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the apply lane does with committed entries, and whom it answers. */
class ApplyLaneTest {
  private final HandApply server =
      new HandApply(List.of(new Member(1, "", List.of(), List.of(), false, 0)));
  private final ApplyLane apply = server.apply;
  private final List<Outcome> told = new ArrayList<>();

  private long propose() {
    return server.propose(AnswerRoom.UNBOUNDED, told::add);
  }

  private static Outcome put(long revision, long term) {
    return new Outcome.Answered(new Result.Put(revision, null), term);
  }

  private static Outcome failed(Outcome.Failure failure) {
    return new Outcome.Failed(failure);
  }

  @Test
  void anAppliedEntryAnswersItsClientAndRaft() {
    server.commitOwn(propose(), HandApply.put("a"));

    assertThat(told).containsExactly(put(2, 1));
    assertThat(server.posted).containsExactly(new Input.Applied(1));
    assertThat(apply.facts().applied()).isEqualTo(1);
    assertThat(apply.facts().revision()).isEqualTo(2);
    assertThat(server.proposals.isEmpty()).isTrue();
  }

  /** Readers and watchers find the write as soon as its client does. */
  @Test
  void theFactsAreThereBeforeTheAnswer() {
    List<Long> seen = new ArrayList<>();
    server.write(HandApply.put("a"), _ -> seen.add(apply.facts().revision()));

    assertThat(seen).containsExactly(2L);
  }

  @Test
  void kb48AnEntryThatComesTwiceIsAppliedOnce() {
    Entry first = server.entry(new Envelope.RequestId(9, 1, 1), HandApply.put("a"));
    server.commit(first);
    server.commit(first, server.entry(new Envelope.RequestId(9, 1, 2), HandApply.put("b")));

    assertThat(apply.facts().applied()).isEqualTo(2);
    assertThat(apply.facts().revision()).isEqualTo(3);
  }

  @Test
  void anEntryIsMissedRatherThanJumpedOver() {
    var _ = server.entry(Entry.Kind.NO_OP, Bytes.EMPTY);
    Entry second = server.entry(Entry.Kind.NO_OP, Bytes.EMPTY);

    assertThatThrownBy(() -> server.commit(second))
        .hasMessageContaining("entries are applied in order");
  }

  /** Two servers and two starts of one server use the same sequence numbers. */
  @Test
  void kb105OnlyTheRequestOfThisServerAndStartIsAnswered() {
    long number = propose();
    server.commit(
        server.entry(new Envelope.RequestId(9, 2, number), HandApply.put("a")),
        server.entry(new Envelope.RequestId(1, 1, number), HandApply.put("b")));
    assertThat(told).isEmpty();

    server.commitOwn(number, HandApply.put("c"));
    assertThat(told).containsExactly(put(4, 1));
  }

  @Test
  void theSameRequestInTwoEntriesIsAnsweredOnce() {
    long number = propose();
    server.commitOwn(number, HandApply.put("a"));
    server.commitOwn(number, HandApply.put("b"));

    assertThat(told).containsExactly(put(2, 1));
  }

  @Test
  void anEntryOfALaterTermHasOlderProposalsWaitAgain() {
    propose();
    long batch = Objects.requireNonNull(server.proposals.nextBatch()).batch();
    server.proposals.underWay(batch, 1, true);

    server.commit(server.entry(Entry.Kind.NO_OP, Bytes.EMPTY));
    assertThat(server.heard).doesNotContain("proposals wait");
    server.term(2);
    server.commit(server.entry(Entry.Kind.NO_OP, Bytes.EMPTY));
    assertThat(server.heard).containsOnlyOnce("proposals wait");
    assertThat(server.proposals.nextBatch()).isNotNull();
  }

  /** Replicas that apply in other batches must still hash at the same entry. */
  @Test
  void theHashIsToldAtTheAgreedEntryInTheMidstOfABatch() {
    Entry[] entries = new Entry[(int) ApplyLane.HASH_EVERY + 10];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = server.entry(Entry.Kind.NO_OP, Bytes.EMPTY);
    }
    server.commit(entries);

    assertThat(server.heard)
        .containsSubsequence("applied 1024", "hashed 1024", "applied 1034")
        .containsOnlyOnce("hashed 1024");
  }

  @Test
  void anEntryThatCannotBeReadHaltsTheServer() {
    Entry broken = server.entry(Entry.Kind.COMMAND, Bytes.utf8("nonsense"));

    assertThatThrownBy(() -> server.commit(broken)).isInstanceOf(IllegalStateException.class);
    assertThat(server.host.halts()).hasSize(1);
    assertThat(server.host.halts().getFirst()).startsWith("committed entry 1 cannot be read");
    assertThat(server.posted).isEmpty();
  }

  @Test
  void changesAreHandedOverOnlyWhileThereAreWatchers() {
    server.commit(HandApply.put("a"));
    assertThat(server.changes).isEmpty();

    server.wantsChanges = true;
    server.commit(HandApply.put("b"));
    assertThat(server.changes.stream().map(Changes::revision)).containsExactly(3L);
  }

  @Test
  void membersAreLookedAtOnlyWhenTheyChanged() {
    server.commit(HandApply.put("a"));
    assertThat(server.heard).doesNotContain("members changed");

    server.commit(new Command.Publish(1, "one", List.of("http://one"), 5));
    assertThat(server.heard).containsOnlyOnce("members changed");
  }

  @Test
  void aLogicalCompactionIsAnsweredAtOnceAndAPhysicalOneAtItsEnd() {
    for (int i = 0; i < 500; i++) {
      server.commit(HandApply.put("a"));
    }
    server.write(new Command.Compact(5, false), told::add);
    assertThat(told).hasSize(1);

    server.write(new Command.Compact(499, true), told::add);
    assertThat(told).hasSize(1);
    while (told.size() < 2) {
      server.host.laneOf("apply").stepDelayed();
    }
    assertThat(apply.state().store().isCompacting()).isFalse();
    assertThat(told).last().isEqualTo(new Outcome.Answered(new Result.Done(501), 1));
  }

  /** Another piece of history goes only after a pause in which writes go first. */
  @Test
  void aCompactionIsDoneInPiecesAndHurriesForAClient() {
    for (int i = 0; i < 900; i++) {
      server.commit(HandApply.put("a"));
    }
    server.commit(new Command.Compact(800, false));
    assertThat(server.host.laneOf("apply").delays()).containsExactly(10_000_000L);
    server.commit(HandApply.put("b"));
    assertThat(server.host.laneOf("apply").delays()).containsExactly(10_000_000L);

    server.write(new Command.Compact(900, true), told::add);
    server.host.laneOf("apply").stepDelayed();
    assertThat(server.host.laneOf("apply").delays()).containsExactly(1_000_000L);
  }

  @Test
  void aWriteWithoutRoomForItsAnswerSaysThatItWasDone() {
    Result done = new Result.Put(2, null);
    Result read = new Result.Range(2, List.of(), false, 0);
    CountingRoom none = new CountingRoom(1 << 20, 0);

    assertThat(ApplyLane.outcome(none, done, 1)).isEqualTo(failed(Outcome.Failure.ANSWER_DROPPED));
    assertThat(ApplyLane.outcome(none, read, 1)).isEqualTo(failed(Outcome.Failure.NO_ROOM));
    CountingRoom some = new CountingRoom(1 << 20, done.bytes());
    assertThat(ApplyLane.outcome(some, done, 1)).isEqualTo(put(2, 1));
    assertThat(some.taken()).isEqualTo(done.bytes());
  }

  @Test
  void anAnswerThatWasNeverBuiltTakesNoRoom() {
    CountingRoom room = new CountingRoom(1 << 20, 1 << 20);

    assertThat(ApplyLane.outcome(room, new Result.Measured(2, 100, 0, true), 1))
        .isEqualTo(failed(Outcome.Failure.ANSWER_DROPPED));
    assertThat(room.taken()).isZero();
  }

  @Test
  void aLargeDeletionIsAnsweredAfterItsLastPiece() {
    for (String key : List.of("k1", "k2", "k3")) {
      server.commit(HandApply.put(key));
    }
    server.write(new Command.DeleteRange(Bytes.utf8("k"), Bytes.utf8("l"), false), told::add);
    assertThat(apply.isDeleting()).isTrue();
    assertThat(told).isEmpty();

    while (apply.isDeleting()) {
      assertThat(told).isEmpty();
      server.commit(new Command.Sweep(5));
    }
    assertThat(told)
        .containsExactly(new Outcome.Answered(new Result.DeleteRange(5, 3, List.of()), 1));
  }

  @Test
  void aCheckpointStandsForWhatIsAppliedBeforeIt() {
    List<Snapshot> made = new ArrayList<>();
    server.term(4);
    server.commit(HandApply.put("a"));
    apply.checkpoint("snapshots/1", made::add);
    apply.apply(new Effect.Commit(List.of(server.entry(Entry.Kind.NO_OP, Bytes.EMPTY))));
    server.host.run();

    assertThat(made).hasSize(1);
    assertThat(made.getFirst().index()).isEqualTo(1);
    assertThat(made.getFirst().term()).isEqualTo(4);
    assertThat(server.disk.exists("snapshots/1/state")).isTrue();
  }

  private Snapshot installable(String name) {
    List<Snapshot> made = new ArrayList<>();
    HandApply leader = new HandApply();
    leader.term(3);
    leader.commit(HandApply.put("a"));
    leader.commit(HandApply.put("b"));
    leader.apply.checkpoint("state/" + name, made::add);
    leader.host.run();
    copy(leader, "state/" + name + "/state");
    return made.getFirst();
  }

  private void copy(HandApply from, String path) {
    var source = new DiskMedium(from.disk);
    new DiskMedium(server.disk).put(path, Objects.requireNonNull(source.get(path)));
  }

  @Test
  void anInstalledSnapshotIsTheStateAndTheOldOneIsDeleted() {
    new DiskMedium(server.disk).put("state/0/state", Bytes.of(1));
    Snapshot snapshot = installable("2-3");

    apply.install("2-3", snapshot);
    server.host.run();

    assertThat(server.posted).containsExactly(new Input.Installed(snapshot));
    assertThat(apply.facts().applied()).isEqualTo(2);
    assertThat(apply.state().directory()).isEqualTo("state/2-3");
    assertThat(server.disk.exists("state/0")).isFalse();
    assertThat(server.host.halts()).isEmpty();
  }

  /** It may be in the snapshot or not: to propose it again could write twice. */
  @Test
  void kb60AnInstalledSnapshotLeavesOpenWhatIsUnderWay() {
    propose();
    long batch = Objects.requireNonNull(server.proposals.nextBatch()).batch();
    server.proposals.underWay(batch, 3, true);

    apply.install("2-3", installable("2-3"));
    server.host.run();

    assertThat(told).containsExactly(failed(Outcome.Failure.TIMED_OUT_LEADER_LOST));
    assertThat(server.proposals.nextBatch()).isNull();
  }

  @Test
  void aStateThatIsNotTheOneTheSnapshotSaysIsRefused() {
    Snapshot snapshot = installable("2-3");
    apply.install("2-3", new Snapshot(7, 3, snapshot.configuration()));

    assertThatThrownBy(server.host::run)
        .hasMessageContaining("a snapshot's state has the index and term of the snapshot");
  }

  @Test
  void aStateThatCannotBePutInForceHaltsTheServer() {
    Snapshot snapshot = installable("2-3");
    server.disk.failAfter(0);
    apply.install("2-3", snapshot);
    server.host.run();

    assertThat(server.host.halts())
        .containsExactly("a snapshot cannot be put in force: input/output error");
    assertThat(server.posted).isEmpty();
  }

  @Test
  void closingAppliesWhatCameBeforeAndNothingAfter() {
    List<String> closed = new ArrayList<>();
    Entry before = server.entry(Entry.Kind.NO_OP, Bytes.EMPTY);
    Entry after = server.entry(Entry.Kind.NO_OP, Bytes.EMPTY);
    apply.apply(new Effect.Commit(List.of(before)));
    apply.close(() -> closed.add("closed"));
    server.host.run();
    apply.apply(new Effect.Commit(List.of(after)));
    server.host.run();

    assertThat(closed).containsExactly("closed");
    assertThat(server.posted).containsExactly(new Input.Applied(1));
    assertThat(apply.state().enter()).isNull();
  }
}
