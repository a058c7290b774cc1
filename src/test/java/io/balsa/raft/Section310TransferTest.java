package io.balsa.raft;

import static io.balsa.raft.Subject.at;
import static io.balsa.raft.Subject.command;
import static io.balsa.raft.Subject.probe;
import static io.balsa.raft.Subject.send;
import static io.balsa.raft.Subject.sendAfter;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.raft.Message.AppendEntriesReply;
import io.balsa.raft.Message.HeartbeatReply;
import io.balsa.raft.Message.RequestVote;
import io.balsa.raft.Message.RequestVoteReply;
import io.balsa.raft.Message.TimeoutNow;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Thesis 3.10: leadership transfer. */
class Section310TransferTest {
  private final Subject leader = Subject.leader(3);

  @Test
  void aTargetWithTheWholeLogIsToldAtOnce() {
    assertThat(leader.step(new Input.TransferLeadership(2)))
        .containsExactly(send(2, new TimeoutNow(1)));
  }

  @Test
  void aTargetThatLagsGetsTheLogFirst() {
    leader.propose(1, "a");
    assertThat(leader.step(new Input.TransferLeadership(2))).isEmpty();
    assertThat(leader.receive(3, new AppendEntriesReply(1, 2))).isEmpty();
    assertThat(leader.receive(2, new AppendEntriesReply(1, 2)))
        .contains(send(2, new TimeoutNow(1)));
  }

  @Test
  void anyTargetIsTheOneWithTheLongestLog() {
    leader.propose(1, "a");
    leader.receive(3, new AppendEntriesReply(1, 2));
    assertThat(leader.step(new Input.TransferLeadership(0)))
        .containsExactly(send(3, new TimeoutNow(1)));
  }

  @Test
  void ofThoseThatHaveWhatIsCommittedAnyTargetIsTheOneThatHasFollowedTheLongest() {
    leader.receive(3, new AppendEntriesReply(1, 1));
    leader.ticks(1);
    leader.receive(2, new AppendEntriesReply(1, 1));
    leader.step(new Input.Suspect(3));
    leader.ticks(1);
    leader.step(new Input.Connected(3));
    leader.receive(3, new AppendEntriesReply(1, 1));
    assertThat(leader.step(new Input.TransferLeadership(0)))
        .containsExactly(send(2, new TimeoutNow(1)));
  }

  @Test
  void proposalsAreRefusedMeanwhile() {
    leader.step(new Input.TransferLeadership(2));
    assertThat(leader.propose(1, "a")).containsExactly(new Effect.Refused(1, Refusal.TRANSFERRING));
  }

  @Test
  void aTransferIsGivenUpAfterAnElectionTimeout() {
    leader.step(new Input.TransferLeadership(2));
    for (int i = 0; i < Subject.ELECTION_TICKS - 1; i++) {
      assertThat(leader.ticks(1)).noneMatch(effect -> effect instanceof Effect.TransferFailed);
      leader.receive(3, new HeartbeatReply(1, 1));
    }
    assertThat(leader.ticks(1)).contains(new Effect.TransferFailed(2));
    assertThat(leader.propose(1, "a")).contains(new Effect.Proposed(1, 1));
  }

  @Test
  void aTransferToAnotherTargetEndsTheFirst() {
    leader.step(new Input.TransferLeadership(2));
    assertThat(leader.step(new Input.TransferLeadership(3)))
        .containsExactly(new Effect.TransferFailed(2), send(3, new TimeoutNow(1)));
    assertThat(leader.step(new Input.TransferLeadership(3))).isEmpty();
  }

  @Test
  void theTargetCampaignsAtOnceAndSaysWhy() {
    RequestVote request = new RequestVote(2, at(1, 1), true);
    assertThat(Subject.follower().receive(2, new TimeoutNow(1)))
        .containsExactly(
            new Effect.Persist(2, 2, 1, List.of()),
            sendAfter(2, 2, request),
            sendAfter(2, 3, request),
            new Effect.RoleChanged(Role.CANDIDATE, 2, 0));
  }

  @Test
  void votersDoNotRefuseForTheSakeOfTheOldLeader() {
    Subject voter = Subject.follower();
    assertThat(voter.receive(3, new RequestVote(2, at(1, 1), true)))
        .contains(sendAfter(2, 3, new RequestVoteReply(2, true)));
  }

  @Test
  void onlyALeaderHandsOver() {
    assertThat(Subject.follower().step(new Input.TransferLeadership(3)))
        .containsExactly(new Effect.TransferFailed(3));
  }

  @Test
  void appendsGoOnWhileTheTargetCatchesUp() {
    leader.propose(1, "a");
    leader.step(new Input.Connected(2));
    leader.step(new Input.TransferLeadership(2));
    assertThat(leader.step(new Input.Connected(2)))
        .containsExactly(send(2, probe(1, at(1, 1), 1, command(2, 1, "a"))));
  }
}
