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
  private record Request(long from, long id) {}

  /** Reads and followers' requests that are answered together. */
  private static final class Round {
    final long number;
    final long index;
    final List<Long> reads;
    final List<Request> requests;

    Round(long number, long index, List<Long> reads, List<Request> requests) {
      this.number = number;
      this.index = index;
      this.reads = reads;
      this.requests = requests;
    }

    boolean isAnswered() {
      return reads.isEmpty() && requests.isEmpty();
    }
  }

  private final ServerState server;
  private final Followers followers;
  private final ArrayDeque<Round> rounds = new ArrayDeque<>();
  private List<Long> reads = new ArrayList<>();
  private List<Request> requests = new ArrayList<>();
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
    requests.add(new Request(from, id));
    begin();
  }

  private void begin() {
    if (!open || (reads.isEmpty() && requests.isEmpty()) || rounds.size() == ROUNDS_MAX) {
      return;
    }
    long index = server.applying.commitIndex();
    Round round = new Round(server.nextRound(), index, reads, requests);
    reads = new ArrayList<>();
    requests = new ArrayList<>();
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
    round.requests.removeIf(
        request -> {
          boolean confirmed = followers.isConfirmed(round.number, request.from());
          if (confirmed) {
            reply(request, round.index);
          }
          return confirmed;
        });
  }

  /** This server does not lead any more, so it cannot answer: another leader may have committed. */
  void fail() {
    rounds.forEach(round -> fail(round.reads, round.requests));
    rounds.clear();
    fail(reads, requests);
  }

  private void fail(List<Long> unread, List<Request> unanswered) {
    unread.forEach(id -> server.emit(new Effect.ReadFailed(id)));
    unanswered.forEach(request -> reply(request, -1));
  }

  private void reply(Request request, long index) {
    server.send(request.from(), new ReadIndexReply(server.currentTerm(), request.id(), index));
  }
}
