package io.balsa.raft;

import static io.balsa.raft.Subject.append;
import static io.balsa.raft.Subject.at;
import static io.balsa.raft.Subject.command;
import static io.balsa.raft.Subject.noOp;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Message.AppendEntries;
import io.balsa.raft.Message.AppendEntriesRejected;
import io.balsa.raft.Message.AppendEntriesReply;
import io.balsa.raft.Message.Heartbeat;
import io.balsa.raft.Message.HeartbeatReply;
import io.balsa.raft.Message.InstallSnapshot;
import io.balsa.raft.Message.InstallSnapshotReply;
import io.balsa.raft.Message.PreVote;
import io.balsa.raft.Message.PreVoteReply;
import io.balsa.raft.Message.ReadIndexRequest;
import io.balsa.raft.Message.RequestVote;
import io.balsa.raft.Message.RequestVoteReply;
import io.balsa.raft.Message.TimeoutNow;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages that no server that follows the rules sends change nothing: no term, vote or log. */
class CredibilityTest {
  private static final long FAR = Credibility.TERM_STEP_MAX;

  private static void refused(Subject server, long from, Message message, Disbelief why) {
    RaftStatus before = server.status();
    assertThat(server.receive(from, message))
        .as("%s", message)
        .containsExactly(new Effect.Disbelieved(from, why));
    assertThat(server.status()).isEqualTo(before);
  }

  private static List<Message> inTerm(long term) {
    return List.of(
        new PreVote(term, at(1, 1)),
        new PreVoteReply(term, true),
        new PreVoteReply(term, false),
        new RequestVote(term, at(1, 1), true),
        new RequestVoteReply(term, true),
        append(term, at(1, 1), 1, command(2, term, "a")),
        new AppendEntriesReply(term, 1),
        new AppendEntriesRejected(term, 1, at(1, 1), false),
        new Heartbeat(term, 1, 1),
        new HeartbeatReply(term, 0),
        new ReadIndexRequest(term, 1),
        new TimeoutNow(term),
        snapshot(term, at(9, 1), 0),
        new InstallSnapshotReply(term, 1, 0, true));
  }

  private static InstallSnapshot snapshot(long term, LogPosition place, long offset) {
    Snapshot snapshot = new Snapshot(place.index(), place.term(), Subject.voters(3));
    return new InstallSnapshot(term, snapshot, offset, Bytes.utf8("data"), false);
  }

  @Test
  void aTermTooFarAheadIsNotEntered() {
    for (Subject server : List.of(Subject.follower(), Subject.leader(3), Subject.candidate(3))) {
      long own = server.status().term();
      for (long term : List.of(own + FAR + 1, 1L << 62, Long.MAX_VALUE, -1L, Long.MIN_VALUE)) {
        inTerm(term).forEach(message -> refused(server, 2, message, Disbelief.TERM));
      }
    }
  }

  @Test
  void theLastTermWithinOneStepIsEntered() {
    Subject server = Subject.follower();
    assertThat(server.receive(3, new Heartbeat(1 + FAR, 1, 0)))
        .contains(new Effect.Persist(2, 1 + FAR, 0, List.of()));
  }

  @Test
  void thereIsAlwaysANextTerm() {
    long last = Credibility.TERM_MAX;
    Subject server = Subject.withLog(last - 1, noOp(1, 1));
    refused(server, 2, new Heartbeat(last + 1, 1, 0), Disbelief.TERM);
    assertThat(server.receive(2, new HeartbeatReply(last, 0)))
        .contains(new Effect.Persist(1, last, 0, List.of()));
  }

  @Test
  void sec17EntriesThatNoLogCanHoldAreNotAppended() {
    Subject server = Subject.follower();
    refused(server, 2, append(1, at(1, 1), 1, command(2, 2, "later")), Disbelief.ENTRIES);
    refused(
        server,
        2,
        append(3, at(1, 1), 1, command(2, 3, "a"), command(3, 2, "back")),
        Disbelief.ENTRIES);
    refused(server, 2, append(3, at(1, 2), 1, command(2, 1, "before prev")), Disbelief.ENTRIES);
    refused(server, 2, append(3, at(2, 2), 1, command(3, 1, "before prev")), Disbelief.ENTRIES);
    refused(server, 2, append(1, at(1, 1), 1, command(3, 1, "gap")), Disbelief.ENTRIES);
    refused(server, 2, append(1, at(Long.MAX_VALUE, 1), 1, noOp(1, 1)), Disbelief.ENTRIES);
    Entry nothing = new Entry(2, 1, Entry.Kind.NO_OP, Bytes.utf8("something"));
    refused(server, 2, append(1, at(1, 1), 1, nothing), Disbelief.ENTRIES);
  }

  @Test
  void aConfigurationThatIsNoneIsNotAppended() {
    Subject server = Subject.follower();
    for (Bytes payload :
        List.of(Bytes.EMPTY, Bytes.utf8("none"), Configuration.of(List.of()).encode())) {
      Entry entry = new Entry(2, 1, Entry.Kind.CONFIGURATION, payload);
      refused(server, 2, append(1, at(1, 1), 1, entry), Disbelief.ENTRIES);
    }
  }

  @Test
  void impossiblePlacesAreNotLookedFor() {
    Subject server = Subject.follower();
    refused(server, 2, append(1, at(1, 2), 1), Disbelief.FIELDS);
    refused(server, 2, append(1, at(-1, 1), 1), Disbelief.FIELDS);
    refused(server, 2, append(1, at(1, -1), 1), Disbelief.FIELDS);
    refused(server, 2, append(1, at(1, 1), -1), Disbelief.FIELDS);
    refused(server, 2, new Heartbeat(1, -1, 1), Disbelief.FIELDS);
    refused(server, 2, new Heartbeat(1, 1, -1), Disbelief.FIELDS);
  }

  @Test
  void sec17WhatIsCommittedStands() {
    Subject server = Subject.follower();
    refused(server, 3, append(2, LogPosition.ZERO, 0, noOp(1, 2)), Disbelief.CONFLICT);
    refused(server, 3, append(2, at(1, 2), 0), Disbelief.CONFLICT);
    refused(server, 3, append(2, at(0, 1), 0), Disbelief.CONFLICT);
  }

  @Test
  void aTermHasOneLeader() {
    for (Subject server : List.of(Subject.follower(), Subject.leader(3))) {
      refused(server, 3, append(1, at(1, 1), 1), Disbelief.IMPOSTOR);
      refused(server, 3, new Heartbeat(1, 1, 1), Disbelief.IMPOSTOR);
      refused(server, 3, snapshot(1, at(9, 1), 0), Disbelief.IMPOSTOR);
      refused(server, 3, new TimeoutNow(1), Disbelief.IMPOSTOR);
    }
  }

  @Test
  void answersAreToWhatWasSent() {
    Subject leader = Subject.leader(3);
    refused(leader, 2, new AppendEntriesReply(1, 2), Disbelief.ANSWER);
    refused(leader, 2, new AppendEntriesReply(1, -1), Disbelief.ANSWER);
    refused(leader, 2, new HeartbeatReply(1, 1_000), Disbelief.ANSWER);
    refused(leader, 2, new InstallSnapshotReply(1, 2, 0, true), Disbelief.ANSWER);
    refused(leader, 2, new InstallSnapshotReply(1, 1, -1, false), Disbelief.ANSWER);
    refused(leader, 2, new AppendEntriesRejected(1, -1, at(0, 0), false), Disbelief.FIELDS);
    refused(leader, 2, new AppendEntriesRejected(1, 1, at(-1, 0), false), Disbelief.FIELDS);
  }

  @Test
  void aSnapshotIsOfAPlaceThatCanBe() {
    Subject server = Subject.follower();
    refused(server, 2, snapshot(1, at(9, 2), 0), Disbelief.FIELDS);
    refused(server, 2, snapshot(1, at(-9, 1), 0), Disbelief.FIELDS);
    refused(server, 2, snapshot(1, at(9, 1), -1), Disbelief.FIELDS);
    refused(server, 2, snapshot(1, at(9, 1), Long.MAX_VALUE), Disbelief.FIELDS);
    Snapshot nobodys = new Snapshot(9, 1, Configuration.of(List.of()));
    refused(server, 2, new InstallSnapshot(1, nobodys, 0, Bytes.EMPTY, true), Disbelief.FIELDS);
  }

  @Test
  void whatIsOfAnEarlierTermIsAnsweredAndNoMore() {
    Subject server = Subject.withLog(5, noOp(1, 5));
    AppendEntries absurd = append(4, at(-1, 9), -1, command(7, 8, "a"));
    assertThat(server.receive(2, absurd))
        .containsExactly(
            Subject.send(2, new AppendEntriesRejected(5, -1, LogPosition.ZERO, false)));
  }
}
