package io.balsa.raft;

import static io.balsa.raft.Subject.append;
import static io.balsa.raft.Subject.at;
import static io.balsa.raft.Subject.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.raft.Message.AppendEntries;
import io.balsa.raft.Message.AppendEntriesRejected;
import io.balsa.raft.Message.AppendEntriesReply;
import io.balsa.raft.Message.Heartbeat;
import io.balsa.raft.Message.HeartbeatReply;
import io.balsa.raft.Message.PreVoteReply;
import io.balsa.raft.Message.ReadIndexReply;
import io.balsa.raft.Message.ReadIndexRequest;
import io.balsa.raft.Message.RequestVote;
import io.balsa.raft.Message.RequestVoteReply;
import io.balsa.raft.Message.TimeoutNow;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Thesis 3.3: terms are a logical clock. */
class Section33TermsTest {
  private final Subject server = Subject.withLog(5, Subject.noOp(1, 5));

  @Test
  void kb06ALaterTermIsEnteredAndWritten() {
    assertThat(server.receive(2, new HeartbeatReply(7, 0)))
        .containsExactly(
            new Effect.Persist(1, 7, 0, List.of()), new Effect.RoleChanged(Role.FOLLOWER, 7, 0));
  }

  @Test
  void aLeaderThatLearnsOfALaterTermFollows() {
    Subject leader = Subject.leader(3);
    assertThat(leader.receive(2, new AppendEntriesRejected(2, 1, LogPosition.ZERO, false)))
        .containsExactly(
            new Effect.Persist(3, 2, 0, List.of()), new Effect.RoleChanged(Role.FOLLOWER, 2, 0));
  }

  @Test
  void whoAsksInAnEarlierTermLearnsTheCurrentOne() {
    assertThat(server.receive(2, new RequestVote(4, at(9, 4), false)))
        .containsExactly(send(2, new RequestVoteReply(5, false)));
    assertThat(server.receive(2, append(4, LogPosition.ZERO, 0)))
        .containsExactly(send(2, new AppendEntriesRejected(5, 0, LogPosition.ZERO, false)));
    assertThat(server.receive(2, new Heartbeat(4, 0, 3)))
        .containsExactly(send(2, new HeartbeatReply(5, 0)));
    assertThat(server.receive(2, new ReadIndexRequest(4, 8)))
        .containsExactly(send(2, new ReadIndexReply(5, 8, -1)));
  }

  @Test
  void kb05AnswersFromAnEarlierTermSayNothing() {
    assertThat(server.receive(2, new AppendEntriesReply(4, 1))).isEmpty();
    assertThat(server.receive(2, new RequestVoteReply(4, true))).isEmpty();
    assertThat(server.receive(2, new PreVoteReply(4, false))).isEmpty();
    assertThat(server.receive(2, new TimeoutNow(4))).isEmpty();
  }

  @Test
  void kb03TheTermIsDurableBeforeAnythingIsAcknowledgedInIt() {
    assertThat(server.receive(2, new AppendEntries(6, at(1, 5), List.of(), 0, false)))
        .containsExactly(
            new Effect.Persist(1, 6, 0, List.of()),
            new Effect.Send(1, 2, new AppendEntriesReply(6, 1)),
            new Effect.RoleChanged(Role.FOLLOWER, 6, 2));
  }
}
