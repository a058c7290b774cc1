package io.balsa.raft;

import static io.balsa.raft.Subject.append;
import static io.balsa.raft.Subject.at;
import static io.balsa.raft.Subject.command;
import static io.balsa.raft.Subject.noOp;
import static io.balsa.raft.Subject.probe;
import static io.balsa.raft.Subject.send;
import static io.balsa.raft.Subject.sendAfter;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Message.AppendEntries;
import io.balsa.raft.Message.AppendEntriesRejected;
import io.balsa.raft.Message.AppendEntriesReply;
import io.balsa.raft.Message.ForwardProposals;
import io.balsa.raft.Message.ForwardRefused;
import io.balsa.raft.Message.Heartbeat;
import io.balsa.raft.Message.HeartbeatReply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Thesis 3.5: log replication. */
class Section35LogReplicationTest {
  @Test
  void aFollowerAnswersWhenTheEntriesAreDurable() {
    Entry entry = command(2, 1, "a");
    assertThat(Subject.follower().receive(2, append(1, at(1, 1), 1, entry)))
        .containsExactly(
            new Effect.Persist(2, 1, 0, List.of(entry)),
            sendAfter(2, 2, new AppendEntriesReply(1, 2)));
  }

  @Test
  void aGapIsRejectedWithThePlaceWhereTheLogEnds() {
    assertThat(Subject.follower().receive(2, append(1, at(5, 1), 1, command(6, 1, "a"))))
        .containsExactly(send(2, new AppendEntriesRejected(1, 5, at(1, 1), false)));
  }

  @Test
  void aConflictIsBackedUpOverByTerm() {
    Subject server =
        Subject.withLog(
            4, noOp(1, 1), noOp(2, 2), noOp(3, 4), command(4, 4, "x"), command(5, 4, "y"));
    assertThat(server.receive(2, append(6, at(5, 3), 0)))
        .contains(send(2, new AppendEntriesRejected(6, 5, at(2, 2), false)));
  }

  @Test
  void theLeaderSkipsTheWholeTermInConflict() {
    Subject leader = Subject.withLog(5, noOp(1, 1), noOp(2, 3), noOp(3, 3), noOp(4, 5), noOp(5, 5));
    leader.ticks(Subject.ELECTION_TICKS);
    leader.receive(2, new Message.PreVoteReply(6, true));
    leader.persisted(1);
    leader.receive(2, new Message.RequestVoteReply(6, true));
    assertThat(leader.receive(2, new AppendEntriesRejected(6, 5, at(5, 2), false)))
        .containsExactly(
            send(
                2,
                append(
                    6, at(1, 1), 0, noOp(2, 3), noOp(3, 3), noOp(4, 5), noOp(5, 5), noOp(6, 6))));
  }

  @Test
  void conflictingEntriesGoAndWhatFollowsThem() {
    Subject server = Subject.withLog(2, noOp(1, 1), noOp(2, 2), command(3, 2, "x"));
    assertThat(server.receive(2, append(3, at(1, 1), 0, noOp(2, 3))))
        .contains(new Effect.Persist(1, 3, 0, List.of(noOp(2, 3))));
    assertThat(server.status().last()).isEqualTo(at(2, 3));
  }

  @Test
  void kb24WhatMatchesIsNotWrittenAgain() {
    Subject server = Subject.follower();
    server.receive(2, append(1, at(1, 1), 1, command(2, 1, "a"), command(3, 1, "b")));
    assertThat(
            server.receive(
                2, append(1, at(1, 1), 1, command(2, 1, "a"), command(3, 1, "b"), noOp(4, 1))))
        .containsExactly(
            new Effect.Persist(3, 1, 0, List.of(noOp(4, 1))),
            sendAfter(3, 2, new AppendEntriesReply(1, 4)));
    assertThat(server.receive(2, append(1, at(1, 1), 1, command(2, 1, "a"))))
        .containsExactly(sendAfter(2, 2, new AppendEntriesReply(1, 2)));
  }

  @Test
  void aProposalGoesOutAndToDiskTogether() {
    Entry entry = command(2, 1, "a");
    assertThat(Subject.leader(3).propose(7, "a"))
        .containsExactly(
            new Effect.Persist(3, 1, 1, List.of(entry)),
            send(2, append(1, at(1, 1), 1, entry)),
            send(3, append(1, at(1, 1), 1, entry)),
            new Effect.Proposed(7, 1));
  }

  @Test
  void aLoneProbeIsOnItsWayAtATime() {
    Subject leader = Subject.candidate(3);
    leader.receive(2, new Message.RequestVoteReply(1, true));
    assertThat(leader.propose(1, "a")).noneMatch(effect -> effect instanceof Effect.Send);
    assertThat(leader.receive(2, new AppendEntriesReply(1, 1)))
        .contains(send(2, append(1, at(1, 1), 0, command(2, 1, "a"))));
  }

  @Test
  void theWindowIsBoundedInMessages() {
    RaftConfig config = Subject.config().withInflightMessages(2);
    Subject leader = elected(config);
    leader.propose(1, "a");
    leader.propose(2, "b");
    assertThat(leader.propose(3, "c")).noneMatch(effect -> effect instanceof Effect.Send);
    assertThat(leader.receive(2, new AppendEntriesReply(1, 2)))
        .contains(send(2, append(1, at(3, 1), 1, command(4, 1, "c"))));
  }

  @Test
  void theWindowIsBoundedInBytes() {
    RaftConfig config = Subject.config().withMessageBytes(100).withInflightBytes(100);
    Subject leader = elected(config);
    leader.propose(1, "a", "b");
    assertThat(leader.propose(2, "c")).noneMatch(effect -> effect instanceof Effect.Send);
  }

  private static Subject elected(RaftConfig config) {
    Subject leader = Subject.of(config, Recovered.empty(Subject.voters(3)));
    leader.ticks(Subject.ELECTION_TICKS);
    leader.receive(2, new Message.PreVoteReply(1, true));
    leader.persisted(1);
    leader.receive(2, new Message.RequestVoteReply(1, true));
    leader.receive(2, new AppendEntriesReply(1, 1));
    leader.persisted(2);
    return leader;
  }

  @Test
  void kb19ALostTailIsNoticedByTheNextHeartbeat() {
    Subject leader = Subject.leader(3);
    leader.propose(1, "a");
    leader.ticks(Subject.HEARTBEAT_TICKS);
    assertThat(leader.receive(2, new HeartbeatReply(1, 1)))
        .containsExactly(send(2, append(1, at(2, 1), 1)));
    assertThat(leader.receive(2, new AppendEntriesRejected(1, 2, at(1, 1), false)))
        .containsExactly(send(2, probe(1, at(1, 1), 1, command(2, 1, "a"))));
  }

  @Test
  void aNewConnectionIsProbedAtOnce() {
    Subject leader = Subject.leader(3);
    leader.propose(1, "a");
    assertThat(leader.step(new Input.Connected(2)))
        .containsExactly(send(2, probe(1, at(1, 1), 1, command(2, 1, "a"))));
  }

  /** A leader that loads the committed entry 2 for itself and for server 3. */
  private static Subject loading() {
    RaftConfig config = Subject.config().withMessageBytes(120).withRecentBytes(60);
    Subject leader = elected(config);
    leader.propose(1, "a");
    leader.propose(2, "b");
    leader.receive(2, new AppendEntriesReply(1, 3));
    assertThat(leader.persisted(4)).contains(new Effect.Load(2, 2, 120));
    leader.receive(3, new AppendEntriesReply(1, 1));
    return leader;
  }

  @Test
  void whatIsNoLongerInMemoryIsLoadedOnceForAll() {
    Subject leader = loading();
    assertThat(leader.step(new Input.Loaded(2, List.of(command(2, 1, "a")))))
        .containsExactly(
            new Effect.Commit(List.of(command(2, 1, "a"))),
            send(3, append(1, at(1, 1), 3, command(2, 1, "a"))),
            send(3, append(1, at(2, 1), 3, command(3, 1, "b"))),
            new Effect.Commit(List.of(command(3, 1, "b"))));
  }

  @Test
  void kb26WhatIsLoadedAfterSteppingDownIsSentToNobody() {
    Subject leader = loading();
    leader.receive(2, append(2, at(3, 1), 3, noOp(4, 2)));
    assertThat(leader.step(new Input.Loaded(2, List.of(command(2, 1, "a")))))
        .contains(new Effect.Commit(List.of(command(2, 1, "a"))))
        .noneMatch(Effect.Send.class::isInstance);
  }

  /** Otherwise the leader loads an entry that is in memory, again and again. */
  @Test
  void aLateAcknowledgementEndsTheWaitingForEntriesThatItCovers() {
    Subject leader = loading();
    assertThat(leader.receive(3, new AppendEntriesReply(1, 2)))
        .containsExactly(send(3, append(1, at(2, 1), 3, command(3, 1, "b"))));
    assertThat(leader.step(new Input.Loaded(2, List.of(command(2, 1, "a")))))
        .containsExactly(
            new Effect.Commit(List.of(command(2, 1, "a"))),
            new Effect.Commit(List.of(command(3, 1, "b"))));
  }

  @Test
  void followersLearnTheCommitIndexAtOnce() {
    Subject leader = Subject.leader(3);
    leader.propose(1, "a");
    leader.persisted(3);
    assertThat(leader.receive(2, new AppendEntriesReply(1, 2)))
        .containsExactly(
            send(2, new Heartbeat(1, 2, 0)), new Effect.Commit(List.of(command(2, 1, "a"))));
  }

  @Test
  void aHeartbeatCommitsNoMoreThanWhatMatches() {
    Subject leader = Subject.leader(5);
    leader.propose(1, "a");
    leader.persisted(3);
    leader.receive(2, new AppendEntriesReply(1, 2));
    leader.receive(3, new AppendEntriesReply(1, 2));
    assertThat(leader.ticks(2))
        .contains(send(2, new Heartbeat(1, 2, 1)), send(5, new Heartbeat(1, 1, 1)));
  }

  @Test
  void aFollowerPassesProposalsToItsLeader() {
    Subject server = Subject.follower();
    assertThat(server.propose(4, "a"))
        .containsExactly(
            send(2, new ForwardProposals(1, 4, List.of(Bytes.utf8("a")))),
            new Effect.Proposed(4, 1));
    assertThat(server.receive(2, new ForwardRefused(1, 4, Refusal.OVERLOADED)))
        .containsExactly(new Effect.Refused(4, Refusal.OVERLOADED));
  }

  @Test
  void aForwardedBatchIsAppendedOnce() {
    Subject leader = Subject.leader(3);
    ForwardProposals forward = new ForwardProposals(1, 4, List.of(Bytes.utf8("a")));
    assertThat(leader.receive(2, forward)).hasSize(3);
    assertThat(leader.receive(2, forward)).isEmpty();
    assertThat(leader.status().last().index()).isEqualTo(2);
  }

  @Test
  void onlyTheLeaderOfExactlyThatTermAppendsForOthers() {
    Subject server = Subject.follower();
    List<Bytes> commands = List.of(Bytes.utf8("a"));
    assertThat(server.receive(3, new ForwardProposals(1, 4, commands))).isEmpty();
    assertThat(server.receive(3, new ForwardProposals(0, 4, commands)))
        .containsExactly(send(3, new ForwardRefused(1, 4, Refusal.NOT_LEADER)));
  }

  @Test
  void withoutALeaderProposalsAreRefused() {
    assertThat(Subject.of(3).propose(1, "a"))
        .containsExactly(new Effect.Refused(1, Refusal.NO_LEADER));
  }

  @Test
  void aBatchIsAdmittedWholeOrNotAtAll() {
    RaftConfig config = Subject.config().withUncommittedBytes(200);
    Subject leader = elected(config);
    leader.propose(1, "a");
    assertThat(leader.propose(2, "b", "c", "d", "e"))
        .containsExactly(new Effect.Refused(2, Refusal.OVERLOADED));
    assertThat(leader.status().last().index()).isEqualTo(2);
  }

  @Test
  void aTermHasOneLeader() {
    Subject leader = Subject.leader(3);
    assertThat(leader.receive(2, new AppendEntries(1, at(1, 1), List.of(), 0, false)))
        .containsExactly(new Effect.Disbelieved(2, Disbelief.IMPOSTOR));
  }

  @Test
  void aFollowerWhoseDiskLostTheEndOfItsLogGetsItAgain() {
    Subject leader = Subject.leader(3);
    leader.propose(1, "a");
    leader.persisted(3);
    leader.receive(2, new AppendEntriesReply(1, 2));
    assertThat(leader.status().commitIndex()).isEqualTo(2);

    leader.step(new Input.Suspect(2));
    assertThat(leader.step(new Input.Connected(2))).contains(send(2, probe(1, at(2, 1), 2)));
    assertThat(leader.receive(2, new AppendEntriesRejected(1, 2, at(1, 1), true)))
        .containsExactly(
            new Effect.EntryLost(2, 2), send(2, append(1, at(1, 1), 2, command(2, 1, "a"))));
    assertThat(leader.status().commitIndex()).isEqualTo(2);
  }

  /** The first message of a window arrives last, after the next two were rejected. */
  @Test
  void rejectionsFromBeforeAnAcknowledgementTakeNothingBack() {
    Subject leader = Subject.leader(3);
    leader.propose(1, "a");
    leader.propose(2, "b");
    leader.propose(3, "c");
    leader.receive(2, new AppendEntriesReply(1, 2));
    leader.receive(2, new AppendEntriesRejected(1, 3, at(1, 1), false));
    assertThat(leader.receive(2, new AppendEntriesRejected(1, 2, at(1, 1), false))).isEmpty();
    assertThat(leader.status().followers().getFirst())
        .isEqualTo(new RaftStatus.Follower(2, RaftStatus.ReplicationState.PROBE, 2, 3, true));
  }

  @Test
  void aHeartbeatCommitsNothingThatTheDiskHasLost() {
    Subject server = Subject.follower();
    assertThat(server.receive(2, new Heartbeat(1, 5, 1)))
        .contains(send(2, new HeartbeatReply(1, 1)));
    assertThat(server.status().commitIndex()).isEqualTo(1);
  }
}
