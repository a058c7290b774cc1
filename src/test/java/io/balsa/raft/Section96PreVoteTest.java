package io.balsa.raft;

import static io.balsa.raft.Subject.at;
import static io.balsa.raft.Subject.noOp;
import static io.balsa.raft.Subject.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.raft.Message.PreVote;
import io.balsa.raft.Message.PreVoteReply;
import io.balsa.raft.Message.RequestVote;
import io.balsa.raft.Message.RequestVoteReply;
import org.junit.jupiter.api.Test;

/** Thesis 9.6, and 4.2.3: servers that cannot win do not disturb. */
class Section96PreVoteTest {
  @Test
  void aServerAsksBeforeItEntersATerm() {
    assertThat(Subject.of(3).ticks(Subject.ELECTION_TICKS))
        .containsExactly(
            send(2, new PreVote(1, LogPosition.ZERO)),
            send(3, new PreVote(1, LogPosition.ZERO)),
            new Effect.RoleChanged(Role.PRE_CANDIDATE, 0, 0));
  }

  @Test
  void anAnswerChangesNothingHere() {
    Subject server = Subject.of(3);
    RaftStatus before = server.status();
    assertThat(server.receive(2, new PreVote(9, at(5, 5))))
        .containsExactly(send(2, new PreVoteReply(9, true)));
    assertThat(server.status()).isEqualTo(before);
  }

  @Test
  void whoHearsALeaderRefuses() {
    Subject server = Subject.follower();
    assertThat(server.receive(3, new PreVote(2, at(9, 9))))
        .containsExactly(send(3, new PreVoteReply(1, false)));
    server.ticks(Subject.ELECTION_TICKS - 1);
    assertThat(server.receive(3, new PreVote(2, at(9, 9))))
        .containsExactly(send(3, new PreVoteReply(1, false)));
  }

  @Test
  void whoHearsALeaderDoesNotEvenEnterTheTermOfAVoteRequest() {
    Subject server = Subject.follower();
    assertThat(server.receive(3, new RequestVote(9, at(9, 9), false)))
        .containsExactly(send(3, new RequestVoteReply(1, false)));
    assertThat(server.status().term()).isEqualTo(1);
  }

  @Test
  void whoseLinkToTheLeaderBrokeGrants() {
    Subject server = Subject.follower();
    server.step(new Input.Suspect(2));
    assertThat(server.receive(3, new PreVote(2, at(1, 1))))
        .containsExactly(send(3, new PreVoteReply(2, true)));
  }

  @Test
  void theLeaderItselfIsGrantedWhenItAsks() {
    assertThat(Subject.follower().receive(2, new PreVote(2, at(1, 1))))
        .containsExactly(send(2, new PreVoteReply(2, true)));
  }

  @Test
  void aLeaderRefuses() {
    assertThat(Subject.leader(3).receive(3, new PreVote(2, at(9, 9))))
        .containsExactly(send(3, new PreVoteReply(1, false)));
  }

  @Test
  void aShorterLogIsRefused() {
    Subject server = Subject.withLog(3, noOp(1, 1), noOp(2, 3));
    assertThat(server.receive(2, new PreVote(4, at(1, 3))))
        .containsExactly(send(2, new PreVoteReply(3, false)));
  }

  @Test
  void aTermThatIsNotNewIsRefusedWithTheOwn() {
    Subject server = Subject.withLog(5, noOp(1, 1));
    assertThat(server.receive(2, new PreVote(5, at(9, 4))))
        .containsExactly(send(2, new PreVoteReply(5, false)));
  }

  @Test
  void aRefusalOfALaterTermIsLearntFrom() {
    Subject server = Subject.of(3);
    server.ticks(Subject.ELECTION_TICKS);
    server.receive(2, new PreVoteReply(6, false));
    assertThat(server.status().term()).isEqualTo(6);
    assertThat(server.ticks(5)).contains(send(2, new PreVote(7, LogPosition.ZERO)));
  }

  @Test
  void aGrantForAnotherTermDoesNotCount() {
    Subject server = Subject.withLog(5, noOp(1, 1));
    server.ticks(Subject.ELECTION_TICKS);
    assertThat(server.receive(2, new PreVoteReply(5, true))).isEmpty();
    assertThat(server.receive(2, new PreVoteReply(7, true))).isEmpty();
    assertThat(server.status().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  @Test
  void itIsAskedAgainAndAgainInTheSameTerm() {
    Subject server = Subject.of(3);
    server.ticks(Subject.ELECTION_TICKS);
    for (int i = 0; i < 20; i++) {
      assertThat(server.ticks(5)).contains(send(2, new PreVote(1, LogPosition.ZERO)));
    }
    assertThat(server.status().term()).isZero();
  }
}
