package io.balsa.raft;

import io.balsa.raft.Message.ReadIndexReply;
import io.balsa.raft.Message.ReadIndexRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Reads at a follower (thesis 6.4). Several reads share one read index request to the leader. A few
 * requests are under way at a time; reads that arrive meanwhile share the next one.
 */
final class FollowerReads {
  /** One request on its way, one at the leader, one on its way back, and one to spare. */
  private static final int QUESTIONS_MAX = 4;

  private static final class Question {
    final long id;
    final List<Long> reads;
    final long since;
    long asked;

    Question(long id, List<Long> reads, long now) {
      this.id = id;
      this.reads = reads;
      since = now;
      asked = now;
    }
  }

  private final ServerState server;
  private final ArrayDeque<Question> questions = new ArrayDeque<>();
  private List<Long> gathered = new ArrayList<>();

  FollowerReads(ServerState server) {
    this.server = server;
  }

  void add(long id, long leader) {
    gathered.add(id);
    ask(leader);
  }

  private void ask(long leader) {
    if (gathered.isEmpty() || questions.size() == QUESTIONS_MAX || !server.hasDice()) {
      return;
    }
    Question question = new Question(server.nextQuestion(), gathered, server.now());
    gathered = new ArrayList<>();
    questions.add(question);
    send(question, leader);
  }

  private void send(Question question, long leader) {
    server.send(leader, new ReadIndexRequest(server.currentTerm(), question.id));
  }

  void onReply(ReadIndexReply reply, long leader) {
    for (Iterator<Question> all = questions.iterator(); all.hasNext(); ) {
      Question question = all.next();
      if (question.id == reply.id()) {
        all.remove();
        answer(question.reads, reply.index());
        break;
      }
    }
    ask(leader);
  }

  private void answer(List<Long> reads, long index) {
    for (long id : reads) {
      server.emit(index < 0 ? new Effect.ReadFailed(id) : new Effect.ReadReady(id, index));
    }
  }

  /** Repeats requests that may be lost, and fails those without an answer. */
  void onTick(long leader) {
    for (Iterator<Question> all = questions.iterator(); all.hasNext(); ) {
      Question question = all.next();
      if (server.now() - question.since >= server.config.electionTicks()) {
        all.remove();
        answer(question.reads, -1);
      } else if (server.now() - question.asked >= server.config.heartbeatTicks()) {
        question.asked = server.now();
        send(question, leader);
      }
    }
    ask(leader);
  }

  /** The leader is lost; another leader's answers do not belong to these requests. */
  void fail() {
    questions.forEach(question -> answer(question.reads, -1));
    questions.clear();
    answer(gathered, -1);
    gathered = new ArrayList<>();
  }
}
