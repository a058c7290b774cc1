package io.balsa.raft;

import io.balsa.raft.Message.ReadIndexReply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * ReadIndex at the leader (thesis 6.4): a round of heartbeats confirms the leader for all reads
 * that arrived before the round. A few rounds are under way at a time; later reads share the next
 * one. No read is answered before an entry of the leader's term is committed: until then, {@code
 * commitIndex} may be lower than an index that an earlier leader has committed.
 */
final class ReadRounds {
  /** One round on its way, one at the followers, one on its way back, and one to spare. */
  private static final int ROUNDS_MAX = 4;

  /** A follower's request for a read index, which also confirms the leader. */
  private record Question(long from, long id) {}

  /** Reads and followers' requests that are answered together. */
  private static final class Round {
    final long number;
    final long index;
    final List<Long> reads;
    final List<Question> questions;

    Round(long number, long index, List<Long> reads, List<Question> questions) {
      this.number = number;
      this.index = index;
      this.reads = reads;
      this.questions = questions;
    }

    boolean isAnswered() {
      return reads.isEmpty() && questions.isEmpty();
    }
  }

  private final ServerState server;
  private final Followers followers;
  private final ArrayDeque<Round> rounds = new ArrayDeque<>();
  private List<Long> reads = new ArrayList<>();
  private List<Question> questions = new ArrayList<>();
  private boolean open;

  ReadRounds(ServerState server, Followers followers) {
    this.server = server;
    this.followers = followers;
  }

  /** An entry of the leader's term is committed. */
  void open() {
    if (!open) {
      open = true;
      begin();
    }
  }

  void add(long id) {
    reads.add(id);
    begin();
  }

  void ask(long from, long id) {
    questions.add(new Question(from, id));
    begin();
  }

  private void begin() {
    if (!open || (reads.isEmpty() && questions.isEmpty()) || rounds.size() == ROUNDS_MAX) {
      return;
    }
    long index = server.applying.commitIndex();
    Round round = new Round(server.nextRound(), index, reads, questions);
    reads = new ArrayList<>();
    questions = new ArrayList<>();
    answer(round);
    if (!round.isAnswered()) {
      rounds.add(round);
      followers.heartbeat(round.number);
    }
  }

  /** A follower confirmed a round; that round and earlier ones may have a quorum now. */
  void confirmed() {
    for (Iterator<Round> all = rounds.iterator(); all.hasNext(); ) {
      Round round = all.next();
      answer(round);
      if (round.isAnswered()) {
        all.remove();
      }
    }
    begin();
  }

  private void answer(Round round) {
    if (!round.reads.isEmpty() && followers.isConfirmed(round.number, server.self)) {
      round.reads.forEach(id -> server.emit(new Effect.ReadReady(id, round.index)));
      round.reads.clear();
    }
    round.questions.removeIf(
        question -> {
          boolean confirmed = followers.isConfirmed(round.number, question.from());
          if (confirmed) {
            reply(question, round.index);
          }
          return confirmed;
        });
  }

  /** This server does not lead any more, so it cannot answer: another leader may have committed. */
  void fail() {
    rounds.forEach(round -> fail(round.reads, round.questions));
    rounds.clear();
    fail(reads, questions);
  }

  private void fail(List<Long> unread, List<Question> unanswered) {
    unread.forEach(id -> server.emit(new Effect.ReadFailed(id)));
    unanswered.forEach(question -> reply(question, -1));
  }

  private void reply(Question question, long index) {
    server.send(question.from(), new ReadIndexReply(server.currentTerm(), question.id(), index));
  }
}
