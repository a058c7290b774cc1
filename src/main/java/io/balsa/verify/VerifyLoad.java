package io.balsa.verify;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.HostPort;
import io.balsa.check.Answer;
import io.balsa.check.History;
import io.balsa.check.HistoryRecorder;
import io.balsa.check.KeyRequest;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.processes.Awaiting;
import io.balsa.processes.Workers;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.DeleteRangeResponse;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.TxnResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Clients that put, get, delete and compare-and-swap a few keys. Each client uses one address and
 * sends one request after the other. Every value is written once. Requests and answers are
 * recorded. The keys change every three seconds, so that the history of each stays short.
 */
final class VerifyLoad implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMillis(700);
  private static final Duration PAUSE = Duration.ofMillis(4);
  private static final long KEYS_LAST_NANOS = Duration.ofSeconds(3).toNanos();
  private static final int KEYS = 3;

  private final String prefix;
  private final long begin = System.nanoTime();
  private final HistoryRecorder recorder = new HistoryRecorder();
  private final AtomicInteger values = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final List<HostPort> addresses;
  private final LoadRights rights;
  private final Map<String, EtcdCalls> connections = new HashMap<>();
  private final Workers workers;
  private volatile boolean closed;

  /**
   * Starts the clients.
   *
   * @param prefix of all keys
   */
  VerifyLoad(List<HostPort> addresses, int clients, String prefix, LoadRights rights) {
    this.prefix = prefix;
    this.addresses = addresses;
    this.rights = rights;
    this.workers = Workers.start("client-", clients, this::ask);
  }

  /** Connections to a client's address; clients of the same user share them. */
  private synchronized EtcdCalls connection(int client) {
    HostPort address = addresses.get(client % addresses.size());
    return connections.computeIfAbsent(
        rights.user(client) + "@" + address,
        _ -> new EtcdCalls(EtcdClient.open(List.of(address), rights.settings(client)), LIMIT));
  }

  private void ask(int client) {
    EtcdCalls calls = connection(client);
    int address = client % addresses.size();
    SplittableRandom dice = new SplittableRandom(System.nanoTime() + client);
    Bytes lastSeen = Bytes.EMPTY;
    while (!closed) {
      String part = rights.part(client, dice);
      Bytes key = key(part, dice);
      KeyRequest request = draw(dice, lastSeen);
      long called = System.nanoTime();
      LoadRights.Sent sent = new LoadRights.Sent(client, address, part, request, called);
      rights.called(request, called);
      long call = recorder.called(client, key, request, called - begin);
      try {
        Answer answer = EtcdRequest.of(calls, key, request);
        long returned = System.nanoTime();
        recorder.returned(call, answer, returned - begin);
        rights.answered(sent, returned);
        answered.incrementAndGet();
        lastSeen = answer instanceof Answer.Found found ? found.value() : lastSeen;
      } catch (RequestFailed refused) {
        failed.incrementAndGet();
        rights.failed(sent, refused, System.nanoTime());
        if (!refused.maybeDone()) {
          recorder.refused(call);
        }
        calls.connectNow();
        Awaiting.pause(PAUSE.multipliedBy(5));
      }
      Awaiting.pause(PAUSE);
    }
  }

  private Bytes key(String part, SplittableRandom dice) {
    long slot = (System.nanoTime() - begin) / KEYS_LAST_NANOS;
    return Bytes.utf8(prefix + part + slot + "/" + dice.nextInt(KEYS));
  }

  private KeyRequest draw(SplittableRandom dice, Bytes lastSeen) {
    int kind = dice.nextInt(20);
    if (kind < 9) {
      return new KeyRequest.Get();
    } else if (kind < 15) {
      return new KeyRequest.Put(value());
    } else if (kind < 16) {
      return new KeyRequest.Delete();
    }
    return new KeyRequest.Cas(lastSeen.isEmpty() ? null : lastSeen, value());
  }

  private Bytes value() {
    return Bytes.utf8("v" + values.incrementAndGet());
  }

  /** The number of requests that were answered. */
  int answered() {
    return answered.get();
  }

  /** The number of requests that failed. */
  int failed() {
    return failed.get();
  }

  /** The requests and answers so far; times are nanoseconds since the start. */
  History history() {
    return recorder.history();
  }

  /** Stops the clients, after each has its answer or has given up. */
  @Override
  public void close() {
    closed = true;
    workers.join();
    synchronized (this) {
      connections.values().forEach(EtcdCalls::close);
    }
  }

  /** Converts a request of the checker to etcd's, and the answer back. */
  private static final class EtcdRequest {
    private EtcdRequest() {}

    static Answer of(EtcdCalls calls, Bytes key, KeyRequest request) throws RequestFailed {
      return switch (request) {
        case KeyRequest.Get _ -> RecordedAnswers.of(EtcdCalls.await(calls.range(range(key))));
        case KeyRequest.Put put -> {
          PutRequest asked = put(key, put.value());
          long revision = EtcdCalls.await(calls.put(asked)).getHeader().getRevision();
          yield new Answer.Done(revision);
        }
        case KeyRequest.Delete _ -> {
          DeleteRangeRequest asked =
              DeleteRangeRequest.newBuilder().setKey(RecordedAnswers.proto(key)).build();
          DeleteRangeResponse response = EtcdCalls.await(calls.deleteRange(asked));
          yield new Answer.Deleted(response.getDeleted() > 0, response.getHeader().getRevision());
        }
        case KeyRequest.Cas cas -> {
          TxnResponse response = EtcdCalls.await(calls.txn(swap(key, cas.expected(), cas.value())));
          yield new Answer.Swapped(response.getSucceeded(), response.getHeader().getRevision());
        }
        case KeyRequest.Append _ -> throw new IllegalStateException("etcd has no append");
      };
    }

    private static RangeRequest range(Bytes key) {
      return RangeRequest.newBuilder().setKey(RecordedAnswers.proto(key)).build();
    }

    private static PutRequest put(Bytes key, Bytes value) {
      return PutRequest.newBuilder()
          .setKey(RecordedAnswers.proto(key))
          .setValue(RecordedAnswers.proto(value))
          .build();
    }

    private static TxnRequest swap(Bytes key, @Nullable Bytes expected, Bytes value) {
      Compare.Builder compare =
          Compare.newBuilder()
              .setKey(RecordedAnswers.proto(key))
              .setResult(Compare.CompareResult.EQUAL);
      if (expected == null) {
        compare.setTarget(Compare.CompareTarget.CREATE).setCreateRevision(0);
      } else {
        compare.setTarget(Compare.CompareTarget.VALUE).setValue(RecordedAnswers.proto(expected));
      }
      return TxnRequest.newBuilder()
          .addCompare(compare)
          .addSuccess(RequestOp.newBuilder().setRequestPut(put(key, value)))
          .build();
    }
  }
}
