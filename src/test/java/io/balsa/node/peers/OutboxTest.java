package io.balsa.node.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Message;
import io.balsa.raft.Message.AppendEntries;
import io.balsa.raft.Message.AppendEntriesReply;
import io.balsa.raft.Message.Heartbeat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final int ENTRIES_BYTES_MAX = 1_000;

  private static AppendEntries append(long term, long index, long commit, int bytes) {
    byte[] payload = new byte[bytes];
    var entry = new Entry(index, term, Entry.Kind.COMMAND, Bytes.copyOf(payload));
    return new AppendEntries(term, new LogPosition(index - 1, term), List.of(entry), commit, false);
  }

  /** What leaves for one follower when these messages were put in. */
  private static List<Message> leaving(Message... messages) {
    var outbox = new Outbox(ENTRIES_BYTES_MAX);
    for (Message message : messages) {
      outbox.add(new Effect.Send(0, 2, message));
    }
    List<Message> left = new ArrayList<>();
    outbox.flush(send -> left.add(send.message()));
    return left;
  }

  @Test
  void entriesThatFollowOnEachOtherAreOneMessage() {
    assertThat(leaving(append(1, 5, 3, 10), append(1, 6, 4, 10)))
        .singleElement()
        .isInstanceOfSatisfying(
            AppendEntries.class,
            joined -> {
              assertThat(joined.entries()).extracting(Entry::index).containsExactly(5L, 6L);
              assertThat(joined.commitIndex()).isEqualTo(4);
            });
  }

  @Test
  void entriesThatAreTooManyForOneMessageStayTwo() {
    assertThat(leaving(append(1, 5, 3, 600), append(1, 6, 4, 600))).hasSize(2);
  }

  @Test
  void theLastAcknowledgementSaysItAll() {
    assertThat(leaving(new AppendEntriesReply(1, 5), new AppendEntriesReply(1, 7)))
        .containsExactly(new AppendEntriesReply(1, 7));
  }

  @Test
  void entriesBringTheCommitIndexWithThem() {
    AppendEntries entries = append(1, 5, 4, 10);

    assertThat(leaving(new Heartbeat(1, 4, 0), entries)).containsExactly(entries);
  }

  @Test
  void aHeartbeatWhoseAnswerConfirmsReadsLeavesBeforeTheEntries() {
    assertThat(leaving(new Heartbeat(1, 4, 9), append(1, 5, 4, 10))).hasSize(2);
  }

  @Test
  void aHeartbeatThatSaysMoreThanTheEntriesLeavesBeforeThem() {
    assertThat(leaving(new Heartbeat(1, 4, 0), append(1, 5, 3, 10))).hasSize(2);
    assertThat(leaving(new Heartbeat(2, 4, 0), append(1, 5, 4, 10))).hasSize(2);
  }
}
