package io.balsa.raft;

import static io.balsa.raft.Subject.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.raft.Message.AppendEntriesReply;
import io.balsa.raft.Message.Heartbeat;
import io.balsa.raft.Message.HeartbeatReply;
import io.balsa.raft.Message.ReadIndexReply;
import io.balsa.raft.Message.ReadIndexRequest;
import io.balsa.raft.Message.RequestVoteReply;
import org.junit.jupiter.api.Test;

/** Thesis 6.4: processing read-only queries more efficiently. */
class Section64ReadsTest {
  @Test
  void aReadWaitsForOneRoundThatAQuorumAnswers() {
    Subject leader = Subject.leader(5);
    assertThat(leader.step(new Input.ReadIndex(1)))
        .containsExactly(
            send(2, new Heartbeat(1, 1, 2)),
            send(3, new Heartbeat(1, 1, 2)),
            send(4, new Heartbeat(1, 1, 2)),
            send(5, new Heartbeat(1, 1, 2)));
    assertThat(leader.receive(2, new HeartbeatReply(1, 2))).isEmpty();
    assertThat(leader.receive(2, new HeartbeatReply(1, 2))).isEmpty();
    assertThat(leader.receive(3, new HeartbeatReply(1, 2)))
        .containsExactly(new Effect.ReadReady(1, 1));
  }

  @Test
  void anAnswerToAnEarlierRoundConfirmsNothing() {
    Subject leader = Subject.leader(3);
    leader.step(new Input.ReadIndex(1));
    assertThat(leader.receive(2, new HeartbeatReply(1, 1))).isEmpty();
    assertThat(leader.receive(2, new HeartbeatReply(1, 2)))
        .containsExactly(new Effect.ReadReady(1, 1));
  }

  @Test
  void anAnswerToALaterRoundConfirmsTheEarlierToo() {
    Subject leader = Subject.leader(3);
    leader.step(new Input.ReadIndex(1));
    leader.step(new Input.ReadIndex(2));
    assertThat(leader.receive(2, new HeartbeatReply(1, 3)))
        .containsExactly(new Effect.ReadReady(1, 1), new Effect.ReadReady(2, 1));
  }

  @Test
  void fourRoundsAreUnderWayAndTheRestShareTheNext() {
    Subject leader = Subject.leader(3);
    for (long id = 1; id <= 4; id++) {
      assertThat(leader.step(new Input.ReadIndex(id))).hasSize(2);
    }
    assertThat(leader.step(new Input.ReadIndex(5))).isEmpty();
    assertThat(leader.step(new Input.ReadIndex(6))).isEmpty();
    assertThat(leader.receive(2, new HeartbeatReply(1, 2)))
        .containsExactly(
            new Effect.ReadReady(1, 1),
            send(2, new Heartbeat(1, 1, 6)),
            send(3, new Heartbeat(1, 1, 6)));
    assertThat(leader.receive(3, new HeartbeatReply(1, 6)))
        .containsExactly(
            new Effect.ReadReady(2, 1),
            new Effect.ReadReady(3, 1),
            new Effect.ReadReady(4, 1),
            new Effect.ReadReady(5, 1),
            new Effect.ReadReady(6, 1));
  }

  @Test
  void aReadWaitsForTheFirstCommitOfTheTerm() {
    Subject leader = Subject.candidate(3);
    leader.receive(2, new RequestVoteReply(1, true));
    assertThat(leader.step(new Input.ReadIndex(1))).isEmpty();
    leader.receive(2, new AppendEntriesReply(1, 1));
    assertThat(leader.persisted(2)).contains(send(2, new Heartbeat(1, 1, 2)));
    assertThat(leader.receive(2, new HeartbeatReply(1, 2)))
        .containsExactly(new Effect.ReadReady(1, 1));
  }

  @Test
  void aLoneServerAnswersAtOnceAfterItsFirstCommit() {
    Subject server = Subject.of(1);
    server.ticks(1);
    server.persisted(1);
    assertThat(server.step(new Input.ReadIndex(1))).isEmpty();
    assertThat(server.persisted(2)).contains(new Effect.ReadReady(1, 1));
    assertThat(server.step(new Input.ReadIndex(2))).containsExactly(new Effect.ReadReady(2, 1));
  }

  @Test
  void inThreeServersTheRequestIsTheSecondVoice() {
    Subject leader = Subject.leader(3);
    assertThat(leader.receive(2, new ReadIndexRequest(1, 8)))
        .containsExactly(send(2, new ReadIndexReply(1, 8, 1)));
  }

  @Test
  void inFiveServersTheRequestIsOneVoiceOfThree() {
    Subject leader = Subject.leader(5);
    assertThat(leader.receive(2, new ReadIndexRequest(1, 8))).hasSize(4);
    assertThat(leader.receive(2, new HeartbeatReply(1, 2))).isEmpty();
    assertThat(leader.receive(4, new HeartbeatReply(1, 2)))
        .containsExactly(send(2, new ReadIndexReply(1, 8, 1)));
  }

  @Test
  void aFollowerAsksTheLeaderForAllThatWait() {
    Subject server = Subject.follower();
    server.ticks(1);
    for (long id = 1; id <= 4; id++) {
      assertThat(server.step(new Input.ReadIndex(id)))
          .containsExactly(send(2, new ReadIndexRequest(1, id)));
    }
    assertThat(server.step(new Input.ReadIndex(5))).isEmpty();
    assertThat(server.step(new Input.ReadIndex(6))).isEmpty();
    assertThat(server.receive(2, new ReadIndexReply(1, 2, 7)))
        .containsExactly(new Effect.ReadReady(2, 7), send(2, new ReadIndexRequest(1, 5)));
    assertThat(server.receive(2, new ReadIndexReply(1, 5, 7)))
        .containsExactly(new Effect.ReadReady(5, 7), new Effect.ReadReady(6, 7));
  }

  @Test
  void anAnswerThatNobodyAskedForIsIgnored() {
    Subject server = Subject.follower();
    assertThat(server.receive(2, new ReadIndexReply(1, 2, 7))).isEmpty();
  }

  @Test
  void readsFailWhenTheLeaderIsLost() {
    Subject server = Subject.follower();
    server.ticks(1);
    server.step(new Input.ReadIndex(1));
    assertThat(server.step(new Input.Suspect(2))).contains(new Effect.ReadFailed(1));
    assertThat(server.step(new Input.ReadIndex(2))).containsExactly(new Effect.ReadFailed(2));
  }

  @Test
  void readsFailWhenTheLeaderStepsDown() {
    Subject leader = Subject.leader(3);
    leader.step(new Input.ReadIndex(1));
    assertThat(leader.receive(2, new HeartbeatReply(2, 0))).contains(new Effect.ReadFailed(1));
    assertThat(leader.receive(3, new ReadIndexRequest(2, 5)))
        .containsExactly(send(3, new ReadIndexReply(2, 5, -1)));
  }

  @Test
  void roundsAreNumberedOnOverTerms() {
    Subject leader = Subject.leader(3);
    leader.step(new Input.ReadIndex(1));
    leader.receive(2, new HeartbeatReply(2, 0));
    leader.ticks(5);
    leader.receive(2, new Message.PreVoteReply(3, true));
    leader.persisted(4);
    leader.receive(2, new RequestVoteReply(3, true));
    assertThat(leader.ticks(2)).contains(send(2, new Heartbeat(3, 0, 3)));
  }
}
