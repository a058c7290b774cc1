package io.balsa.raft;

import static io.balsa.raft.Subject.append;
import static io.balsa.raft.Subject.at;
import static io.balsa.raft.Subject.command;
import static io.balsa.raft.Subject.noOp;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.raft.Message.AppendEntriesReply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Thesis 10.2.1: the leader writes in parallel with its followers. */
class Section1021ParallelWriteTest {
  @Test
  void nothingThatALeaderSendsWaitsForItsDisk() {
    Subject leader = Subject.leader(3);
    assertThat(leader.propose(1, "a"))
        .filteredOn(effect -> effect instanceof Effect.Send)
        .isNotEmpty()
        .allMatch(effect -> ((Effect.Send) effect).after() == 0);
    assertThat(leader.ticks(Subject.HEARTBEAT_TICKS))
        .isNotEmpty()
        .allMatch(effect -> ((Effect.Send) effect).after() == 0);
  }

  @Test
  void aWriteThatWasOvertakenByTruncationMakesNothingDurable() {
    Subject server = Subject.follower();
    server.receive(2, append(1, at(1, 1), 1, command(2, 1, "x"), command(3, 1, "y")));
    server.receive(3, append(2, at(1, 1), 1, noOp(2, 2)));
    server.persisted(2);
    assertThat(server.status().durableIndex()).isEqualTo(1);
    server.receive(3, append(2, at(2, 2), 2, command(3, 2, "z")));
    assertThat(server.persisted(3)).containsExactly(new Effect.Commit(List.of(noOp(2, 2))));
    assertThat(server.status().durableIndex()).isEqualTo(2);
    server.persisted(4);
    assertThat(server.status().durableIndex()).isEqualTo(3);
  }

  @Test
  void kb47TheApplyingStateIsNeverAheadOfTheOwnLog() {
    Subject server = Subject.follower();
    assertThat(server.receive(2, append(1, at(1, 1), 2, command(2, 1, "a"))))
        .noneMatch(effect -> effect instanceof Effect.Commit);
    assertThat(server.persisted(2)).containsExactly(new Effect.Commit(List.of(command(2, 1, "a"))));
  }

  @Test
  void oneForceForManyWritesIsEnough() {
    Subject leader = Subject.leader(3);
    leader.propose(1, "a");
    leader.propose(2, "b");
    leader.receive(2, new AppendEntriesReply(1, 3));
    assertThat(leader.persisted(4))
        .contains(new Effect.Commit(List.of(command(2, 1, "a"), command(3, 1, "b"))));
  }

  @Test
  void aLateAcknowledgementOfAFormerLeadershipCountsForNothing() {
    Subject leader = Subject.leader(3);
    leader.propose(1, "a");
    leader.receive(3, append(2, at(1, 1), 1, noOp(2, 2)));
    leader.persisted(3);
    assertThat(leader.status().durableIndex()).isEqualTo(1);
    assertThat(leader.status().commitIndex()).isEqualTo(1);
  }
}
