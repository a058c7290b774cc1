package io.balsa.bench;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.processes.Awaiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * A closed loop of clients against any server that speaks etcd's protocol: each client sends a
 * request, waits for the answer, and sends the next. So a slow server gets fewer requests, and the
 * latencies are those of this load, not of a fixed rate.
 */
public final class Bench {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long LONGEST_NANOS = LIMIT.toNanos() * 2;
  private static final int DIGITS = 3;
  private static final long AFTER_FAILURE_MILLIS = 10;

  private final Plan plan;
  private final Consumer<String> progress;
  private final List<EtcdCalls> connections = new ArrayList<>();
  private final Histogram nanos = new ConcurrentHistogram(LONGEST_NANOS, DIGITS);
  private final LongAdder failures = new LongAdder();
  private final ConcurrentHashMap<String, Long> reasons = new ConcurrentHashMap<>();
  private volatile boolean measuring;
  private volatile boolean over;

  /** The kind of the requests. */
  public enum Kind {
    /** Puts. */
    PUT,
    /** Linearizable reads of one key. */
    GET,
    /** Serializable reads of one key. */
    GET_SERIALIZABLE,
    /** Nine linearizable reads for each put. */
    MIXED,
    /** Transactions: a compare, a put, a get. */
    TXN
  }

  /**
   * The load.
   *
   * @param settings of all connections
   * @param connections the number of connections, spread over the endpoints
   * @param warmUp the time before the measurement
   * @param time the length of the measurement
   * @param keys the number of keys; each request takes one at random
   */
  public record Plan(
      List<HostPort> endpoints,
      ClientSettings settings,
      Kind kind,
      int clients,
      int connections,
      Duration warmUp,
      Duration time,
      int valueBytes,
      int keys) {}

  private Bench(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Runs the load.
   *
   * @param progress gets a line for each step: what is being done
   * @throws RequestFailed when the cluster does not answer the first request
   */
  public static BenchResult run(Plan plan, Consumer<String> progress) throws RequestFailed {
    Bench bench = new Bench(plan, progress);
    try {
      for (int i = 0; i < plan.connections(); i++) {
        HostPort endpoint = plan.endpoints().get(i % plan.endpoints().size());
        EtcdClient client = EtcdClient.open(List.of(endpoint), plan.settings());
        bench.connections.add(new EtcdCalls(client, LIMIT));
      }
      return bench.run();
    } finally {
      bench.over = true;
      bench.connections.forEach(EtcdCalls::close);
    }
  }

  private BenchResult run() throws RequestFailed {
    BenchRequests requests = new BenchRequests(plan);
    EtcdCalls.await(connections.getFirst().put(requests.put(0)));
    if (plan.kind() != Kind.PUT) {
      fill(requests);
    }
    for (int client = 0; client < plan.clients(); client++) {
      next(connections.get(client % connections.size()), requests);
    }
    progress.accept("warming up for " + plan.warmUp().toSeconds() + " s");
    Awaiting.pause(plan.warmUp());
    progress.accept("measuring for " + plan.time().toSeconds() + " s");
    measuring = true;
    long begin = System.nanoTime();
    Awaiting.pause(plan.time());
    measuring = false;
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    over = true;
    return BenchResult.of(plan, took, nanos.copy(), failures.sum(), reasons);
  }

  /** Puts all keys but key 0, which has a value already, so that reads find values. */
  private void fill(BenchRequests requests) {
    AtomicInteger next = new AtomicInteger(1);
    CountDownLatch filled = new CountDownLatch(plan.keys() - 1);
    for (int i = 0; i < Math.min(64, plan.keys()); i++) {
      fillOn(connections.get(i % connections.size()), requests, next, filled);
    }
    Awaiting.until(
        "keys to read",
        Duration.ofMinutes(5),
        () -> {
          long done = plan.keys() - filled.getCount();
          progress.accept("putting keys to read: %,d of %,d".formatted(done, plan.keys()));
          return filled.getCount() == 0;
        });
  }

  private void fillOn(
      EtcdCalls calls, BenchRequests requests, AtomicInteger next, CountDownLatch filled) {
    int key = next.getAndIncrement();
    if (key < plan.keys()) {
      var _ =
          calls
              .put(requests.put(key))
              .whenComplete(
                  (_, _) -> {
                    filled.countDown();
                    fillOn(calls, requests, next, filled);
                  });
    }
  }

  private void next(EtcdCalls calls, BenchRequests requests) {
    if (over) {
      return;
    }
    long begin = System.nanoTime();
    var _ =
        requests
            .ask(calls)
            .whenComplete(
                (_, failure) -> {
                  if (failure == null) {
                    answered(System.nanoTime() - begin);
                    next(calls, requests);
                  } else {
                    failed(failure);
                    CompletableFuture.delayedExecutor(AFTER_FAILURE_MILLIS, TimeUnit.MILLISECONDS)
                        .execute(() -> next(calls, requests));
                  }
                });
  }

  private void answered(long took) {
    if (measuring) {
      nanos.recordValue(Math.min(took, LONGEST_NANOS));
    }
  }

  private void failed(Throwable failure) {
    if (measuring) {
      failures.increment();
      reasons.merge(String.valueOf(failure.getMessage()), 1L, Long::sum);
    }
  }

  /** A value of this length. */
  static ByteString value(int bytes) {
    byte[] value = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      value[i] = (byte) ('a' + i % 26);
    }
    return ByteString.copyFrom(value);
  }
}
