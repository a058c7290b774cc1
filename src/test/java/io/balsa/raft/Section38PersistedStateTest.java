package io.balsa.raft;

import static io.balsa.raft.Subject.append;
import static io.balsa.raft.Subject.at;
import static io.balsa.raft.Subject.command;
import static io.balsa.raft.Subject.noOp;
import static io.balsa.raft.Subject.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.raft.Message.AppendEntriesReply;
import io.balsa.raft.Message.RequestVote;
import io.balsa.raft.Message.RequestVoteReply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Thesis 3.8: persisted state and server restarts. */
class Section38PersistedStateTest {
  @Test
  void kb02ARestartedServerKeepsTermVoteAndLog() {
    Subject server =
        Subject.of(
            Subject.config(),
            new Recovered(
                4,
                3,
                new Snapshot(0, 0, Subject.voters(3)),
                List.of(at(1, 2), at(2, 4)),
                List.of(),
                List.of(noOp(2, 4)),
                at(2, 4),
                1));
    RaftStatus status = server.status();
    assertThat(status.term()).isEqualTo(4);
    assertThat(status.last()).isEqualTo(at(2, 4));
    assertThat(status.commitIndex()).isEqualTo(1);
    assertThat(server.receive(2, new RequestVote(4, at(9, 4), false)))
        .containsExactly(send(2, new RequestVoteReply(4, false)));
    assertThat(server.receive(3, new RequestVote(4, at(9, 4), false)))
        .containsExactly(send(3, new RequestVoteReply(4, true)));
  }

  @Test
  void kb35WhatWasNotAppliedIsLoadedAndHandedOutAgain() {
    Subject server =
        Subject.of(
            Subject.config(),
            new Recovered(
                1,
                0,
                new Snapshot(0, 0, Subject.voters(3)),
                List.of(at(1, 1)),
                List.of(),
                List.of(command(3, 1, "c")),
                at(3, 1),
                1));
    assertThat(server.receive(2, append(1, at(3, 1), 3)))
        .contains(new Effect.Load(2, 2, Subject.config().messageBytesMax()));
    assertThat(server.step(new Input.Loaded(2, List.of(command(2, 1, "b")))))
        .containsExactly(
            new Effect.Commit(List.of(command(2, 1, "b"))),
            new Effect.Commit(List.of(command(3, 1, "c"))));
  }

  @Test
  void aReplyNeverClaimsWhatIsNotDurable() {
    Subject server = Subject.follower();
    server.receive(2, append(1, at(1, 1), 1, command(2, 1, "a")));
    assertThat(server.receive(2, append(1, at(2, 1), 1)))
        .containsExactly(Subject.sendAfter(2, 2, new AppendEntriesReply(1, 2)));
    assertThat(server.receive(2, append(1, at(1, 1), 1)))
        .containsExactly(send(2, new AppendEntriesReply(1, 1)));
  }

  @Test
  void kb15TheConfigurationIsTheNewestInTheLogAndComesBackWithTruncation() {
    Subject server = Subject.follower();
    Configuration joint =
        new Configuration(List.of(1L, 2L, 3L, 4L), List.of(1L, 2L, 3L), List.of(5L));
    Entry entry = new Entry(2, 1, Entry.Kind.CONFIGURATION, joint.encode());
    server.receive(2, append(1, at(1, 1), 1, entry));
    assertThat(server.status().configuration()).isEqualTo(joint);
    server.receive(3, append(2, at(1, 1), 1, noOp(2, 2)));
    assertThat(server.status().configuration()).isEqualTo(Subject.voters(3));
  }

  @Test
  void theStartKeepsItsTermWhenTheLogIsCompacted() {
    Subject server = Subject.follower();
    server.receive(2, append(1, at(1, 1), 2, command(2, 1, "a")));
    server.persisted(2);
    server.step(new Input.Compacted(2));
    assertThat(server.status().first()).isEqualTo(3);
    assertThat(server.status().last()).isEqualTo(at(2, 1));
    assertThat(server.receive(2, append(1, at(2, 1), 2)))
        .containsExactly(send(2, new AppendEntriesReply(1, 2)));
    assertThat(server.step(new Input.Compacted(1))).isEmpty();
  }
}
