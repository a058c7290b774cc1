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
  private static final int REQUESTS_MAX = 4;

  /** An open read index request, and the reads that share it. */
  private static final class Request {
    final long id;
    final List<Long> reads;
    final long since;
    long asked;

    Request(long id, List<Long> reads, long now) {
      this.id = id;
      this.reads = reads;
      since = now;
      asked = now;
    }
  }

  private final ServerState server;
  private final ArrayDeque<Request> requests = new ArrayDeque<>();
  private List<Long> gathered = new ArrayList<>();

  FollowerReads(ServerState server) {
    this.server = server;
  }

  void add(long id, long leader) {
    gathered.add(id);
    ask(leader);
  }

  private void ask(long leader) {
    if (gathered.isEmpty() || requests.size() == REQUESTS_MAX || !server.hasDice()) {
      return;
    }
    Request request = new Request(server.nextRequest(), gathered, server.now());
    gathered = new ArrayList<>();
    requests.add(request);
    send(request, leader);
  }

  private void send(Request request, long leader) {
    server.send(leader, new ReadIndexRequest(server.currentTerm(), request.id));
  }

  void onReply(ReadIndexReply reply, long leader) {
    for (Iterator<Request> all = requests.iterator(); all.hasNext(); ) {
      Request request = all.next();
      if (request.id == reply.id()) {
        all.remove();
        answer(request.reads, reply.index());
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
    for (Iterator<Request> all = requests.iterator(); all.hasNext(); ) {
      Request request = all.next();
      if (server.now() - request.since >= server.config.electionTicks()) {
        all.remove();
        answer(request.reads, -1);
      } else if (server.now() - request.asked >= server.config.heartbeatTicks()) {
        request.asked = server.now();
        send(request, leader);
      }
    }
    ask(leader);
  }

  /** The leader is lost; another leader's answers do not belong to these requests. */
  void fail() {
    requests.forEach(request -> answer(request.reads, -1));
    requests.clear();
    answer(gathered, -1);
    gathered = new ArrayList<>();
  }
}
