package io.balsa.raft;

import static io.balsa.raft.Subject.append;
import static io.balsa.raft.Subject.at;
import static io.balsa.raft.Subject.command;
import static io.balsa.raft.Subject.noOp;
import static io.balsa.raft.Subject.send;
import static io.balsa.raft.Subject.sendAfter;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Message.AppendEntriesRejected;
import io.balsa.raft.Message.AppendEntriesReply;
import io.balsa.raft.Message.Heartbeat;
import io.balsa.raft.Message.HeartbeatReply;
import io.balsa.raft.Message.InstallSnapshot;
import io.balsa.raft.Message.InstallSnapshotReply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Thesis 5: log compaction and InstallSnapshot. */
class Section5SnapshotTest {
  private static final Snapshot SNAPSHOT = new Snapshot(9, 1, Subject.voters(3));
  private static final Bytes FIRST = Bytes.utf8("first");
  private static final Bytes SECOND = Bytes.utf8("second");

  /** A leader whose log begins after index 2, and whose follower 3 needs index 2. */
  private static Subject leaderOfALateFollower() {
    Subject leader = Subject.leader(3);
    leader.propose(1, "a");
    leader.persisted(3);
    leader.receive(2, new AppendEntriesReply(1, 2));
    leader.step(new Input.Applied(2));
    leader.step(new Input.Compacted(2));
    return leader;
  }

  @Test
  void aFollowerBehindTheLogsStartGetsASnapshotPartByPart() {
    Subject leader = leaderOfALateFollower();
    int bytes = Subject.config().chunkBytes();
    Snapshot snapshot = new Snapshot(2, 1, Subject.voters(3));
    assertThat(leader.step(new Input.Connected(3)))
        .containsExactly(new Effect.LoadChunk(3, 0, 0, bytes));
    assertThat(leader.step(new Input.ChunkLoaded(3, snapshot, 0, FIRST, false)))
        .containsExactly(send(3, new InstallSnapshot(1, snapshot, 0, FIRST, false)));
    assertThat(leader.receive(3, new InstallSnapshotReply(1, 2, 5, false)))
        .containsExactly(new Effect.LoadChunk(3, 2, 5, bytes));
    leader.step(new Input.ChunkLoaded(3, snapshot, 5, SECOND, true));
    leader.receive(3, new InstallSnapshotReply(1, 2, 11, true));
    assertThat(leader.status().followers().get(1))
        .isEqualTo(new RaftStatus.Follower(3, RaftStatus.ReplicationState.REPLICATE, 2, 3, true));
  }

  /** Also if the disk takes long to read it. */
  @Test
  void kb55HeartbeatsGoOnWhileASnapshotIsRead() {
    Subject leader = leaderOfALateFollower();
    leader.step(new Input.Connected(3));
    for (int i = 0; i < 100; i++) {
      leader.receive(2, new HeartbeatReply(1, 1));
      assertThat(leader.ticks(Subject.HEARTBEAT_TICKS))
          .contains(send(3, new Heartbeat(1, 1, 1)), send(2, new Heartbeat(1, 2, 1)));
    }
  }

  @Test
  void aTransferGoesOnWhereItWasCut() {
    Subject leader = leaderOfALateFollower();
    Snapshot snapshot = new Snapshot(2, 1, Subject.voters(3));
    leader.step(new Input.Connected(3));
    leader.step(new Input.ChunkLoaded(3, snapshot, 0, FIRST, false));
    leader.receive(3, new InstallSnapshotReply(1, 2, 5, false));
    leader.step(new Input.ChunkLoaded(3, snapshot, 5, SECOND, true));
    assertThat(leader.step(new Input.Connected(3)))
        .containsExactly(new Effect.LoadChunk(3, 2, 5, Subject.config().chunkBytes()));
  }

  @Test
  void anAppendThatSucceedsEndsATransfer() {
    Subject leader = leaderOfALateFollower();
    leader.step(new Input.Connected(3));
    leader.receive(3, new AppendEntriesReply(1, 2));
    assertThat(leader.status().followers().get(1).state())
        .isEqualTo(RaftStatus.ReplicationState.REPLICATE);
  }

  @Test
  void everyPartIsKeptBeforeItIsAnswered() {
    Subject server = Subject.follower();
    assertThat(server.receive(2, new InstallSnapshot(1, SNAPSHOT, 0, FIRST, false)))
        .containsExactly(new Effect.SaveChunk(SNAPSHOT, 0, FIRST, false));
    assertThat(server.step(new Input.ChunkSaved(SNAPSHOT, 5)))
        .containsExactly(send(2, new InstallSnapshotReply(1, 9, 5, false)));
  }

  @Test
  void kb53AWholeSnapshotIsInstalledThenTheLogStartsAnewThenItIsAnswered() {
    Subject server = Subject.follower();
    server.receive(2, new InstallSnapshot(1, SNAPSHOT, 0, FIRST, true));
    assertThat(server.step(new Input.ChunkSaved(SNAPSHOT, 5)))
        .containsExactly(new Effect.Install(SNAPSHOT));
    assertThat(server.step(new Input.Installed(SNAPSHOT)))
        .containsExactly(
            new Effect.Reset(2, SNAPSHOT),
            sendAfter(2, 2, new InstallSnapshotReply(1, 9, 5, true)));
    assertThat(server.status().last()).isEqualTo(at(9, 1));
    assertThat(server.status().commitIndex()).isEqualTo(9);
  }

  @Test
  void theLogStandsStillWhileASnapshotIsInstalled() {
    Subject server = Subject.follower();
    server.receive(2, new InstallSnapshot(1, SNAPSHOT, 0, FIRST, true));
    server.step(new Input.ChunkSaved(SNAPSHOT, 5));
    assertThat(server.receive(2, append(1, at(1, 1), 2, command(2, 1, "a")))).isEmpty();
    assertThat(server.receive(2, new InstallSnapshot(1, SNAPSHOT, 0, FIRST, true))).isEmpty();
    assertThat(server.ticks(100)).isEmpty();
  }

  @Test
  void aSnapshotThatIsNotWholeIsSentAnewAndTheLogGoesOn() {
    Subject server = Subject.follower();
    server.receive(2, new InstallSnapshot(1, SNAPSHOT, 0, FIRST, true));
    server.step(new Input.ChunkSaved(SNAPSHOT, 5));
    assertThat(server.step(new Input.ChunkSaved(SNAPSHOT, 0)))
        .containsExactly(send(2, new InstallSnapshotReply(1, 9, 0, false)));
    assertThat(server.receive(2, new InstallSnapshot(1, SNAPSHOT, 0, FIRST, false)))
        .containsExactly(new Effect.SaveChunk(SNAPSHOT, 0, FIRST, false));
  }

  @Test
  void kb52WhatFollowsASnapshotIsAcknowledgedAfterIt() {
    Subject server = Subject.follower();
    server.receive(2, new InstallSnapshot(1, SNAPSHOT, 0, FIRST, true));
    server.step(new Input.ChunkSaved(SNAPSHOT, 5));
    server.step(new Input.Installed(SNAPSHOT));
    assertThat(server.receive(2, append(1, at(9, 1), 9)))
        .containsExactly(sendAfter(2, 2, new AppendEntriesReply(1, 9)));
    assertThat(server.receive(2, append(1, at(9, 1), 10, noOp(10, 1))))
        .containsExactly(
            new Effect.Persist(3, 1, 0, List.of(noOp(10, 1))),
            sendAfter(3, 2, new AppendEntriesReply(1, 10)));
    server.persisted(2);
    assertThat(server.persisted(3)).containsExactly(new Effect.Commit(List.of(noOp(10, 1))));
  }

  @Test
  void aSnapshotOfWhatIsInTheLogChangesNothing() {
    Subject server = Subject.follower();
    server.receive(2, append(1, at(1, 1), 1, command(2, 1, "a"), command(3, 1, "b")));
    Snapshot old = new Snapshot(2, 1, Subject.voters(3));
    assertThat(server.receive(2, new InstallSnapshot(1, old, 0, FIRST, true)))
        .containsExactly(sendAfter(2, 2, new InstallSnapshotReply(1, 2, 0, true)));
    assertThat(server.status().last()).isEqualTo(at(3, 1));
    assertThat(server.status().commitIndex()).isEqualTo(2);
  }

  @Test
  void anotherSnapshotBeginsAnew() {
    Subject server = Subject.follower();
    Snapshot newer = new Snapshot(12, 1, Subject.voters(3));
    server.receive(2, new InstallSnapshot(1, SNAPSHOT, 0, FIRST, true));
    server.receive(2, new InstallSnapshot(1, newer, 0, FIRST, false));
    assertThat(server.step(new Input.ChunkSaved(SNAPSHOT, 5))).isEmpty();
    assertThat(server.step(new Input.ChunkSaved(newer, 5)))
        .containsExactly(send(2, new InstallSnapshotReply(1, 12, 5, false)));
  }

  @Test
  void aConflictBeyondTheLogsStartNeedsASnapshot() {
    Subject leader = leaderOfALateFollower();
    leader.propose(2, "b");
    assertThat(leader.receive(3, new AppendEntriesRejected(1, 2, at(1, 1), false)))
        .contains(new Effect.LoadChunk(3, 0, 0, Subject.config().chunkBytes()));
  }
}
