package io.balsa.drill;

import io.balsa.bytes.Bytes;
import io.balsa.check.Answer;
import io.balsa.check.History;
import io.balsa.check.HistoryRecorder;
import io.balsa.check.KeyRequest;
import io.balsa.client.RequestFailed;
import io.balsa.processes.Awaiting;
import io.balsa.processes.ClusterSecurity;
import io.balsa.processes.PlainEndpoint;
import io.balsa.processes.Workers;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.verify.RecordedAnswers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Clients that put and get a few shared keys. Each sends one request after the other, with a short
 * pause. Every value is written once. Requests and answers are recorded. A client gives up after
 * half a second without an answer: so the longest gap is that of the system, not of one lost
 * request.
 */
final class DrillLoad implements AutoCloseable {
  /** The prefix of the keys of the load. */
  static final String PREFIX = "drill/";

  private static final Duration LIMIT = Duration.ofMillis(500);

  private final Plan plan;
  private final List<PlainEndpoint> connections;
  private final HistoryRecorder recorder = new HistoryRecorder();
  private final AnswerTimes writes = new AnswerTimes();
  private final AnswerTimes reads = new AnswerTimes();
  private final List<AckedPut> acked = new ArrayList<>();
  private final Workers workers;
  private volatile boolean closed;

  /**
   * The size of the load.
   *
   * @param clients the number of clients
   * @param keys the number of keys that they share
   * @param pause between two requests of a client
   */
  record Plan(int clients, int keys, Duration pause) {
    static final Plan DEFAULT = new Plan(12, 3, Duration.ofMillis(5));
  }

  /** A put that was acknowledged at a revision; times are {@link System#nanoTime}. */
  record AckedPut(int client, Bytes key, Bytes value, long revision, long called, long returned) {}

  DrillLoad(ClusterSecurity security, int port, Plan plan) {
    this.plan = plan;
    this.connections =
        IntStream.range(0, Math.max(2, plan.clients() / 4))
            .mapToObj(_ -> PlainEndpoint.of(security, port))
            .toList();
    this.workers = Workers.start("load-", plan.clients(), this::ask);
  }

  private void ask(int client) {
    PlainEndpoint endpoint = connections.get(client % connections.size());
    for (int turn = 0; !closed; turn++) {
      Bytes key = Bytes.utf8(PREFIX + (client / 2 + turn / 2) % plan.keys());
      if ((client + turn) % 2 == 0) {
        put(endpoint, client, key, Bytes.utf8("c" + client + "-" + turn));
      } else {
        get(endpoint, client, key);
      }
      Awaiting.pause(plan.pause());
    }
  }

  private void put(PlainEndpoint endpoint, int client, Bytes key, Bytes value) {
    long called = System.nanoTime();
    long call = recorder.called(client, key, new KeyRequest.Put(value), called);
    try {
      PutResponse response =
          endpoint.put(RecordedAnswers.proto(key), RecordedAnswers.proto(value), LIMIT);
      long returned = System.nanoTime();
      long revision = response.getHeader().getRevision();
      recorder.returned(call, new Answer.Done(revision), returned);
      note(new AckedPut(client, key, value, revision, called, returned));
      writes.add(returned);
    } catch (RequestFailed _) {
      endpoint.reconnect();
    }
  }

  private void get(PlainEndpoint endpoint, int client, Bytes key) {
    long call = recorder.called(client, key, new KeyRequest.Get(), System.nanoTime());
    try {
      RangeResponse response = endpoint.get(RecordedAnswers.proto(key), false, LIMIT);
      long returned = System.nanoTime();
      recorder.returned(call, RecordedAnswers.of(response), returned);
      reads.add(returned);
    } catch (RequestFailed _) {
      endpoint.reconnect();
    }
  }

  private synchronized void note(AckedPut put) {
    acked.add(put);
  }

  AnswerTimes writes() {
    return writes;
  }

  AnswerTimes reads() {
    return reads;
  }

  synchronized List<AckedPut> acked() {
    return List.copyOf(acked);
  }

  /** The requests and answers so far. */
  History history() {
    return recorder.history();
  }

  /** Stops the clients, after each has its answer or has given up. */
  @Override
  public void close() {
    closed = true;
    workers.join();
    connections.forEach(PlainEndpoint::close);
  }
}
