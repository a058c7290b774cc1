package io.balsa.raft;

import static io.balsa.raft.Subject.append;
import static io.balsa.raft.Subject.at;
import static io.balsa.raft.Subject.noOp;
import static io.balsa.raft.Subject.send;
import static io.balsa.raft.Subject.sendAfter;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.raft.Message.Heartbeat;
import io.balsa.raft.Message.PreVoteReply;
import io.balsa.raft.Message.RequestVote;
import io.balsa.raft.Message.RequestVoteReply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Thesis 3.4: leader election. */
class Section34LeaderElectionTest {
  @Test
  void aVoteIsOnDiskBeforeItIsSent() {
    assertThat(Subject.of(3).receive(2, new RequestVote(1, LogPosition.ZERO, false)))
        .containsExactly(
            new Effect.Persist(1, 1, 2, List.of()),
            sendAfter(1, 2, new RequestVoteReply(1, true)),
            new Effect.RoleChanged(Role.FOLLOWER, 1, 0));
  }

  @Test
  void aServerVotesForOneCandidateInATerm() {
    Subject server = Subject.of(3);
    server.receive(2, new RequestVote(1, LogPosition.ZERO, false));
    server.persisted(1);
    assertThat(server.receive(3, new RequestVote(1, LogPosition.ZERO, false)))
        .containsExactly(send(3, new RequestVoteReply(1, false)));
    assertThat(server.receive(2, new RequestVote(1, LogPosition.ZERO, false)))
        .containsExactly(send(2, new RequestVoteReply(1, true)));
  }

  @Test
  void aVoteRequestIsOnDiskBeforeItIsSent() {
    Subject server = Subject.of(3);
    server.ticks(Subject.ELECTION_TICKS);
    RequestVote request = new RequestVote(1, LogPosition.ZERO, false);
    assertThat(server.receive(2, new PreVoteReply(1, true)))
        .containsExactly(
            new Effect.Persist(1, 1, 1, List.of()),
            sendAfter(1, 2, request),
            sendAfter(1, 3, request),
            new Effect.RoleChanged(Role.CANDIDATE, 1, 0));
  }

  @Test
  void theOwnVoteCountsWhenItIsDurable() {
    Subject server = Subject.of(3);
    server.ticks(Subject.ELECTION_TICKS);
    server.receive(2, new PreVoteReply(1, true));
    server.receive(2, new RequestVoteReply(1, true));
    assertThat(server.status().role()).isEqualTo(Role.CANDIDATE);
    server.persisted(1);
    assertThat(server.status().role()).isEqualTo(Role.LEADER);
  }

  @Test
  void aLeaderBeginsWithANoOpAndWaitsForNoDisk() {
    Subject server = Subject.candidate(3);
    assertThat(server.receive(2, new RequestVoteReply(1, true)))
        .containsExactly(
            new Effect.Persist(2, 1, 1, List.of(noOp(1, 1))),
            send(2, append(1, LogPosition.ZERO, 0, noOp(1, 1))),
            send(3, append(1, LogPosition.ZERO, 0, noOp(1, 1))),
            new Effect.RoleChanged(Role.LEADER, 1, 1));
  }

  @Test
  void oneOfFiveIsNoMajority() {
    Subject server = Subject.candidate(5);
    server.receive(2, new RequestVoteReply(1, true));
    server.receive(2, new RequestVoteReply(1, true));
    assertThat(server.status().role()).isEqualTo(Role.CANDIDATE);
    server.receive(4, new RequestVoteReply(1, true));
    assertThat(server.status().role()).isEqualTo(Role.LEADER);
  }

  @Test
  void aCandidateFollowsWhoeverWon() {
    Subject server = Subject.candidate(3);
    assertThat(server.receive(3, new Heartbeat(1, 0, 1)))
        .contains(new Effect.RoleChanged(Role.FOLLOWER, 1, 3));
  }

  @Test
  void aRefusedCandidateTriesAgainSoonAndAsksFirst() {
    Subject server = Subject.candidate(3);
    server.receive(2, new RequestVoteReply(1, false));
    server.receive(3, new RequestVoteReply(1, false));
    assertThat(server.status().role()).isEqualTo(Role.FOLLOWER);
    server.ticks(5);
    assertThat(server.status().role()).isEqualTo(Role.PRE_CANDIDATE);
    assertThat(server.status().term()).isEqualTo(1);
  }

  @Test
  void silentVotersAreAskedAgain() {
    Subject server = Subject.candidate(3);
    RequestVote request = new RequestVote(1, LogPosition.ZERO, false);
    assertThat(server.step(new Input.Connected(2))).containsExactly(send(2, request));
  }

  @Test
  void aLeaderThatAQuorumDoesNotAnswerStepsDown() {
    Subject leader = Subject.leader(3);
    leader.ticks(Subject.ELECTION_TICKS - 1);
    assertThat(leader.status().role()).isEqualTo(Role.LEADER);
    assertThat(leader.ticks(1)).containsExactly(new Effect.RoleChanged(Role.FOLLOWER, 1, 0));
  }

  @Test
  void aBrokenLinkToTheLeaderStartsAnElectionAtOnce() {
    Subject server = Subject.follower();
    assertThat(server.step(new Input.Suspect(3))).isEmpty();
    assertThat(server.step(new Input.Suspect(2)))
        .containsExactly(new Effect.RoleChanged(Role.FOLLOWER, 1, 0));
    assertThat(server.ticks(1)).contains(new Effect.RoleChanged(Role.PRE_CANDIDATE, 1, 0));
  }

  @Test
  void aServerWithoutALeaderCampaignsWhenItFindsPeers() {
    Subject server = Subject.of(3);
    server.step(new Input.Connected(2));
    assertThat(server.ticks(1)).contains(new Effect.RoleChanged(Role.PRE_CANDIDATE, 0, 0));
  }

  /** The candidate of the vote may have won, and its first message may be on the way. */
  @Test
  void aServerThatHasVotedDoesNotCampaignWhenItFindsPeers() {
    Subject server = Subject.of(3);
    server.receive(2, new RequestVote(1, LogPosition.ZERO, false));
    server.persisted(1);
    server.step(new Input.Connected(3));
    assertThat(server.ticks(Subject.ELECTION_TICKS - 1)).isEmpty();
  }

  @Test
  void kb43ALeaderWhoseDiskHangsStepsDownAndDoesNotCampaign() {
    Subject leader = Subject.leader(3);
    assertThat(leader.step(new Input.DiskStalled()))
        .containsExactly(
            send(2, new Message.TimeoutNow(1)), new Effect.RoleChanged(Role.FOLLOWER, 1, 0));
    assertThat(leader.ticks(50)).isEmpty();
    leader.step(new Input.DiskRecovered());
    leader.ticks(Subject.ELECTION_TICKS);
    assertThat(leader.status().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  @Test
  void aLearnerNeverCampaigns() {
    Configuration configuration = new Configuration(List.of(2L, 3L), List.of(), List.of(1L));
    Subject learner = Subject.of(Subject.config(), Recovered.empty(configuration));
    assertThat(learner.ticks(100)).isEmpty();
    learner.receive(2, append(1, LogPosition.ZERO, 0));
    assertThat(learner.receive(2, new Message.TimeoutNow(1))).isEmpty();
  }

  @Test
  void theRandomWaitDependsOnTheNewestDice() {
    Subject server = Subject.of(3);
    for (int tick = 1; tick < Subject.ELECTION_TICKS + 7; tick++) {
      assertThat(server.step(new Input.Tick(7))).isEmpty();
    }
    assertThat(server.step(new Input.Tick(7))).isNotEmpty();
  }

  @Test
  void aVoterKeepsToItsLeaderAgainstACandidateOfTheSameTerm() {
    Subject server = Subject.follower();
    assertThat(server.receive(3, new RequestVote(1, at(9, 1), false)))
        .containsExactly(send(3, new RequestVoteReply(1, false)));
  }
}
