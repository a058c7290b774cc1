package io.balsa.ctl.cluster;

import com.google.protobuf.ByteString;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.FailureText;
import io.balsa.forms.RawText;
import io.balsa.proto.etcdserverpb.PutRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Clients that put random keys, each client one at a time. */
final class CheckLoad {
  private static final int CONNECTIONS_MAX = 16;
  private static final double NANOS = 1e9;

  /**
   * How much to put.
   *
   * @param puts how many in all
   * @param perSecond at most so many a second; 0 for no limit
   * @param nanos how long at most
   */
  record Plan(
      String prefix,
      int keyBytes,
      int valueBytes,
      int clients,
      long puts,
      int perSecond,
      long nanos) {}

  /**
   * What was measured; times in seconds.
   *
   * @param errors how often each error was seen
   */
  record Result(double perSecond, double slowest, double deviation, Map<String, Long> errors) {}

  private final Plan plan;
  private final CompletableFuture<Void> end;
  private final Consumer<String> progress;
  private final long begin = System.nanoTime();
  private final List<Double> seconds = new ArrayList<>();
  private final Map<String, Long> errors = new TreeMap<>();
  private final SplittableRandom random = new SplittableRandom();
  private long taken;
  private long next = begin;

  private CheckLoad(Plan plan, CompletableFuture<Void> end, Consumer<String> progress) {
    this.plan = plan;
    this.end = end;
    this.progress = progress;
  }

  /**
   * Puts the load on a cluster until it is done or its time is over.
   *
   * @param end ends it early when it completes
   */
  static Result run(
      ClientOptions client, Plan plan, CompletableFuture<Void> end, Consumer<String> progress) {
    CheckLoad load = new CheckLoad(plan, end, progress);
    List<EtcdCalls> connections = new ArrayList<>();
    try {
      for (int i = 0; i < Math.min(plan.clients(), CONNECTIONS_MAX); i++) {
        connections.add(new EtcdCalls(client.client(), client.timeout()));
      }
      load.putAll(connections);
    } finally {
      connections.forEach(EtcdCalls::close);
    }
    return load.result();
  }

  private void putAll(List<EtcdCalls> connections) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < plan.clients(); i++) {
      EtcdCalls calls = connections.get(i % connections.size());
      threads.add(Thread.ofVirtual().name("check-" + i).start(() -> put(calls)));
    }
    try {
      for (Thread each : threads) {
        each.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void put(EtcdCalls calls) {
    try {
      for (PutRequest request = take(); request != null; request = take()) {
        long sent = System.nanoTime();
        try {
          var _ = EtcdCalls.await(calls.put(request));
          answered((System.nanoTime() - sent) / NANOS);
        } catch (RequestFailed failed) {
          failed(FailureText.message(failed));
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next put, when its time has come; null when the load is over. */
  private @Nullable PutRequest take() throws InterruptedException {
    long due = reserve();
    if (due < 0) {
      return null;
    }
    TimeUnit.NANOSECONDS.sleep(begin + due - System.nanoTime());
    return PutRequest.newBuilder().setKey(key()).setValue(zeros(plan.valueBytes())).build();
  }

  /** When the next put is due, in nanoseconds since the beginning; -1 when there is none. */
  private synchronized long reserve() {
    next = Math.max(next, System.nanoTime());
    long due = next - begin;
    if (taken == plan.puts() || due >= plan.nanos() || end.isDone()) {
      return -1;
    }
    taken++;
    next += plan.perSecond() == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / plan.perSecond();
    return due;
  }

  private synchronized ByteString key() {
    ByteBuffer key = ByteBuffer.allocate(plan.keyBytes());
    key.putLong(random.nextLong());
    return RawText.bytes(plan.prefix()).concat(ByteString.copyFrom(key.rewind()));
  }

  private static ByteString zeros(int bytes) {
    return ByteString.copyFrom(new byte[bytes]);
  }

  private synchronized void answered(double took) {
    seconds.add(took);
    progress.accept("checking: " + seconds.size() + " puts");
  }

  private synchronized void failed(String error) {
    errors.merge(error, 1L, Long::sum);
  }

  private synchronized Result result() {
    double all = (System.nanoTime() - begin) / NANOS;
    double mean = seconds.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    double squares =
        seconds.stream().mapToDouble(each -> (each - mean) * (each - mean)).average().orElse(0);
    double slowest = seconds.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    return new Result(seconds.size() / all, slowest, Math.sqrt(squares), Map.copyOf(errors));
  }
}
