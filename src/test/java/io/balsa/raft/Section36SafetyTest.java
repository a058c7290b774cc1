package io.balsa.raft;

import static io.balsa.raft.Subject.append;
import static io.balsa.raft.Subject.at;
import static io.balsa.raft.Subject.command;
import static io.balsa.raft.Subject.noOp;
import static io.balsa.raft.Subject.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.raft.Message.AppendEntriesReply;
import io.balsa.raft.Message.PreVoteReply;
import io.balsa.raft.Message.RequestVote;
import io.balsa.raft.Message.RequestVoteReply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Thesis 3.6: safety. */
class Section36SafetyTest {
  @Test
  void kb09AVoterRefusesAnEarlierLastTerm() {
    Subject server = Subject.withLog(3, noOp(1, 1), noOp(2, 3));
    assertThat(server.receive(2, new RequestVote(4, at(9, 2), false)))
        .contains(send(2, new RequestVoteReply(4, false)));
  }

  @Test
  void aVoterRefusesAShorterLogOfTheSameTerm() {
    Subject server = Subject.withLog(3, noOp(1, 1), noOp(2, 3));
    assertThat(server.receive(2, new RequestVote(4, at(1, 3), false)))
        .contains(send(2, new RequestVoteReply(4, false)));
    assertThat(server.receive(3, new RequestVote(4, at(2, 3), false)))
        .contains(Subject.sendAfter(2, 3, new RequestVoteReply(4, true)));
  }

  @Test
  void anEntryOfAnEarlierTermIsNotCommittedByCounting() {
    Subject leader = Subject.withLog(1, noOp(1, 1), command(2, 1, "a"));
    leader.ticks(Subject.ELECTION_TICKS);
    leader.receive(2, new PreVoteReply(2, true));
    leader.persisted(1);
    leader.receive(2, new RequestVoteReply(2, true));
    leader.receive(2, new AppendEntriesReply(2, 2));
    assertThat(leader.status().commitIndex()).isZero();

    leader.receive(2, new AppendEntriesReply(2, 3));
    assertThat(leader.persisted(2))
        .contains(new Effect.Commit(List.of(noOp(1, 1), command(2, 1, "a"), noOp(3, 2))));
  }

  @Test
  void theOwnDiskCountsAsOneOfTheQuorum() {
    Subject leader = Subject.leader(3);
    leader.propose(1, "a");
    leader.receive(2, new AppendEntriesReply(1, 2));
    assertThat(leader.status().commitIndex()).isEqualTo(1);
    leader.persisted(3);
    assertThat(leader.status().commitIndex()).isEqualTo(2);
  }

  @Test
  void theFollowersMayBeAQuorumWithoutTheLeadersDisk() {
    Subject leader = Subject.leader(3);
    leader.propose(1, "a");
    leader.receive(2, new AppendEntriesReply(1, 2));
    assertThat(leader.receive(3, new AppendEntriesReply(1, 2)))
        .noneMatch(effect -> effect instanceof Effect.Commit);
    assertThat(leader.status().commitIndex()).isEqualTo(2);
    assertThat(leader.persisted(3)).containsExactly(new Effect.Commit(List.of(command(2, 1, "a"))));
  }

  @Test
  void aFollowerCommitsNoFurtherThanWhatTheMessageProves() {
    Subject server = Subject.withLog(1, noOp(1, 1), command(2, 1, "a"), command(3, 1, "b"));
    server.receive(2, append(2, at(1, 1), 3));
    assertThat(server.status().commitIndex()).isEqualTo(1);
  }

  @Test
  void aCommittedEntryIsNeverOverwritten() {
    Subject server = Subject.follower();
    assertThat(server.receive(3, append(2, LogPosition.ZERO, 0, noOp(1, 2))))
        .containsExactly(new Effect.Disbelieved(3, Disbelief.CONFLICT));
  }

  @Test
  void entriesAreHandedOutOnceAndInOrder() {
    Subject server = Subject.follower();
    server.receive(2, append(1, at(1, 1), 1, command(2, 1, "a"), command(3, 1, "b")));
    assertThat(server.persisted(2)).isEmpty();
    assertThat(server.receive(2, append(1, at(3, 1), 2)))
        .contains(new Effect.Commit(List.of(command(2, 1, "a"))));
    assertThat(server.receive(2, append(1, at(3, 1), 2)))
        .noneMatch(effect -> effect instanceof Effect.Commit);
    assertThat(server.receive(2, append(1, at(3, 1), 3)))
        .contains(new Effect.Commit(List.of(command(3, 1, "b"))));
  }

  @Test
  void noMoreIsHandedOutThanTheStateMachineCanHold() {
    RaftConfig config = Subject.config().withUnappliedBytes(100);
    Subject server = Subject.of(config, Recovered.empty(Subject.voters(3)));
    server.receive(
        2, append(1, at(0, 0), 3, command(1, 1, "a"), command(2, 1, "b"), command(3, 1, "c")));
    assertThat(server.persisted(1))
        .containsExactly(new Effect.Commit(List.of(command(1, 1, "a"), command(2, 1, "b"))));
    assertThat(server.step(new Input.Applied(1))).isEmpty();
    assertThat(server.step(new Input.Applied(2)))
        .containsExactly(new Effect.Commit(List.of(command(3, 1, "c"))));
  }
}
