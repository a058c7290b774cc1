package io.balsa.node.snapshots;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.backups.Backup;
import io.balsa.bytes.Bytes;
import io.balsa.lanes.HandLane;
import io.balsa.lanes.Outcome;
import io.balsa.node.apply.HandApply;
import io.balsa.raft.Configuration;
import io.balsa.raft.Effect;
import io.balsa.raft.Input;
import io.balsa.raft.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which checkpoint serves a follower, which parts are kept, and what a backup holds. */
class SnapshotsTest {
  private static final long IDLE_NANOS = 600_000_000_000L;
  private static final Snapshot OTHER = new Snapshot(50, 3, Configuration.of(List.of(1L)));

  private final HandApply leader = new HandApply();
  private final HandApply follower = new HandApply();
  private Snapshots out;
  private Snapshots in;
  private HandLane outLane;

  @BeforeEach
  void open() throws IOException {
    Snapshots.deleteOutgoing(leader.host);
    out = new Snapshots(leader.host, leader.apply, leader.posted::add);
    in = new Snapshots(follower.host, follower.apply, follower.posted::add);
    outLane = leader.host.laneOf("snapshots");
    leader.commit(HandApply.put("a"));
    leader.commit(HandApply.put("b"));
    leader.posted.clear();
  }

  private Input.ChunkLoaded load(long to, long snapshotIndex, long offset) {
    out.load(new Effect.LoadChunk(to, snapshotIndex, offset, 40));
    leader.host.run();
    return (Input.ChunkLoaded) leader.posted.getLast();
  }

  private List<String> checkpoints() throws IOException {
    return leader.disk.list("snapshots");
  }

  private void save(Snapshot snapshot, long offset, Bytes data) {
    in.save(new Effect.SaveChunk(snapshot, offset, data, false));
    follower.host.run();
  }

  private void install(Snapshot snapshot) {
    in.install(snapshot);
    follower.host.run();
  }

  private Input said() {
    return follower.posted.getLast();
  }

  /** All bytes of the leader's snapshot. */
  private Bytes whole() {
    Input.ChunkLoaded part = load(2, 0, 0);
    Bytes whole = part.data();
    while (!part.done()) {
      part = load(2, part.snapshot().index(), whole.size());
      whole = whole.concat(part.data());
    }
    return whole;
  }

  private Snapshot snapshot() {
    return load(2, 0, 0).snapshot();
  }

  @Test
  void partsFollowEachOtherUntilTheLastOne() {
    Input.ChunkLoaded first = load(2, 0, 0);
    assertThat(first.to()).isEqualTo(2);
    assertThat(first.snapshot().index()).isEqualTo(2);
    assertThat(first.offset()).isZero();
    assertThat(first.done()).isFalse();

    Input.ChunkLoaded next = load(2, 2, first.data().size());
    assertThat(next.offset()).isEqualTo(first.data().size());
    assertThat(whole().size()).isGreaterThan(80);
  }

  @Test
  void aCheckpointIsMadeOnceForAllWhoAskMeanwhile() throws IOException {
    out.load(new Effect.LoadChunk(2, 0, 0, 40));
    out.load(new Effect.LoadChunk(3, 0, 0, 40));
    outLane.drain();
    assertThat(leader.posted).isEmpty();
    leader.host.run();

    assertThat(leader.posted.stream().map(input -> ((Input.ChunkLoaded) input).to()))
        .containsExactly(2L, 3L);
    assertThat(checkpoints()).containsExactly("1");
  }

  @Test
  void aCheckpointServesUntilTheLogBeginsBehindIt() throws IOException {
    load(2, 0, 0);
    leader.commit(HandApply.put("c"));
    out.logStartsAfter(2);
    assertThat(load(3, 0, 0).snapshot().index()).isEqualTo(2);

    out.logStartsAfter(3);
    assertThat(load(3, 0, 0).snapshot().index()).isEqualTo(3);
    assertThat(checkpoints()).containsExactly("2");
  }

  /** To begin again would never end while the log moves on faster than the transfer. */
  @Test
  void aTransferUnderWayGoesOnWithItsCheckpointThoughTheLogHasMovedOn() {
    load(2, 0, 0);
    leader.commit(HandApply.put("c"));
    out.logStartsAfter(3);

    Input.ChunkLoaded next = load(2, 2, 40);
    assertThat(next.snapshot().index()).isEqualTo(2);
    assertThat(next.offset()).isEqualTo(40);
  }

  @Test
  void aTransferOfACheckpointThatIsGoneBeginsAgain() {
    load(2, 0, 0);
    leader.commit(HandApply.put("c"));
    out.logStartsAfter(3);
    load(3, 0, 0);

    Input.ChunkLoaded next = load(2, 2, 40);
    assertThat(next.snapshot().index()).isEqualTo(3);
    assertThat(next.offset()).isZero();
  }

  @Test
  void aCheckpointThatNobodyAsksForIsDeletedAfterAWhile() throws IOException {
    load(2, 0, 0);
    leader.host.clock().moveTo(IDLE_NANOS - 1);
    load(2, 2, 40);
    leader.host.clock().moveTo(IDLE_NANOS);
    out.dropIdle();
    leader.host.run();
    assertThat(checkpoints()).hasSize(1);

    leader.host.clock().moveTo(2 * IDLE_NANOS - 1);
    out.dropIdle();
    leader.host.run();
    assertThat(checkpoints()).isEmpty();
    assertThat(load(2, 0, 0).snapshot().index()).isEqualTo(2);
  }

  @Test
  void aStartDeletesWhatAnEarlierOneMade() throws IOException {
    load(2, 0, 0);
    Snapshots.deleteOutgoing(leader.host);

    assertThat(checkpoints()).isEmpty();
  }

  @Test
  void kb54APartThatComesTwiceOrTooEarlyIsNotKept() {
    Bytes whole = whole();
    Snapshot snapshot = snapshot();
    save(snapshot, 0, whole.slice(0, 30));
    assertThat(said()).isEqualTo(new Input.ChunkSaved(snapshot, 30));
    save(snapshot, 0, whole.slice(0, 30));
    assertThat(said()).isEqualTo(new Input.ChunkSaved(snapshot, 30));
    save(snapshot, 60, whole.slice(60, 70));
    assertThat(said()).isEqualTo(new Input.ChunkSaved(snapshot, 30));

    save(snapshot, 30, whole.from(30));
    install(snapshot);
    assertThat(said()).isEqualTo(new Input.Installed(snapshot));
    assertThat(follower.apply.facts().applied()).isEqualTo(2);
  }

  @Test
  void aNewerSnapshotThrowsTheOlderOnesPartsAway() throws IOException {
    Bytes whole = whole();
    save(snapshot(), 0, whole.slice(0, 30));
    save(OTHER, 0, whole.slice(0, 20));

    assertThat(said()).isEqualTo(new Input.ChunkSaved(OTHER, 20));
    assertThat(follower.disk.list("state")).containsExactly("50-3.incoming-head", "current");
  }

  @Test
  void aDamagedSnapshotIsNotInstalledAndComesAgain() throws IOException {
    Bytes whole = whole();
    Snapshot snapshot = snapshot();
    save(snapshot, 0, whole);
    follower.disk.damage("state/2-1.incoming/state", 5);
    install(snapshot);
    assertThat(said()).isEqualTo(new Input.ChunkSaved(snapshot, 0));
    assertThat(follower.apply.facts().applied()).isZero();

    save(snapshot, 0, whole);
    install(snapshot);
    assertThat(said()).isEqualTo(new Input.Installed(snapshot));
  }

  @Test
  void aDiskThatFailsHaltsTheServer() {
    Bytes whole = whole();
    follower.disk.failAfter(0);
    save(OTHER, 0, whole);

    assertThat(follower.host.halts())
        .containsExactly("a snapshot cannot be read or written: input/output error");
    assertThat(follower.posted).isEmpty();
  }

  @Test
  void aBackupIsReadWholeThoughWritingGoesOn() throws IOException {
    List<Backup> ready = new ArrayList<>();
    out.backup(HandApply.SELF, ready::add, _ -> {});
    leader.host.run();
    leader.commit(HandApply.put("c"));
    Backup backup = ready.getFirst();
    Bytes read = read(backup);

    assertThat(read.size()).isEqualTo((int) backup.bytes());
    assertThat(backup.bytes() % Backup.UNIT_BYTES).isZero();
    leader.commit(HandApply.put("d"));
    assertThat(read(backup)).isEqualTo(read);
    assertThat(checkpoints()).containsExactly("backup-1");

    backup.close();
    leader.host.run();
    assertThat(checkpoints()).isEmpty();
  }

  private Bytes read(Backup backup) {
    List<Bytes> parts = new ArrayList<>();
    Bytes read = Bytes.EMPTY;
    while (read.size() < backup.bytes()) {
      backup.read(read.size(), 100, parts::add, failure -> leader.host.halt(failure));
      leader.host.run();
      read = read.concat(parts.getLast());
    }
    assertThat(leader.host.halts()).isEmpty();
    return read;
  }

  /** A follower's checkpoint must not take a backup's directory, nor the other way round. */
  @Test
  void aBackupAndACheckpointDoNotMeet() throws IOException {
    out.backup(HandApply.SELF, _ -> {}, _ -> {});
    load(2, 0, 0);

    assertThat(checkpoints()).containsExactly("2", "backup-1");
  }

  @Test
  void aBackupThatIsNotReadyAtTheEndIsRefused() {
    List<Outcome.Failure> failures = new ArrayList<>();
    List<Backup> ready = new ArrayList<>();
    out.backup(HandApply.SELF, ready::add, failures::add);
    out.close();
    outLane.drain();
    leader.host.run();

    assertThat(failures).containsExactly(Outcome.Failure.STOPPED);
    assertThat(ready).isEmpty();
  }

  @Test
  void aBackupThatIsReadyIsNotRefusedAtTheEnd() {
    List<Outcome.Failure> failures = new ArrayList<>();
    out.backup(HandApply.SELF, _ -> {}, failures::add);
    leader.host.run();
    out.close();
    leader.host.run();

    assertThat(failures).isEmpty();
  }
}
