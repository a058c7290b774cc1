package io.balsa.drill;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.processes.Awaiting;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/**
 * A client with little load: it puts and gets one small key, with pauses of 20 ms. It records the
 * time of each request, and the failures.
 */
final class PoliteClient implements AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(20);
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final EtcdCalls calls;
  private final ByteString key;
  private final Thread thread;
  private Histogram micros = new Histogram(3);
  private Histogram putMicros = new Histogram(3);
  private List<String> failures = new ArrayList<>();
  private volatile boolean closed;

  /**
   * The requests since the last {@link #take}.
   *
   * @param p99 of the puts
   * @param slowest of all requests
   */
  record Seen(long requests, Duration p99, Duration slowest, List<String> failures) {}

  /**
   * Begins.
   *
   * @param user whether it is root, because users are in force
   */
  PoliteClient(HostPort address, boolean user) {
    List<HostPort> only = List.of(address);
    calls = user ? AbuseUsers.asRoot(only, LIMIT) : EtcdCalls.open(only, LIMIT);
    key = ByteString.copyFromUtf8("polite/" + address);
    thread = Thread.ofPlatform().name("polite").daemon(true).start(this::work);
  }

  private void work() {
    for (long number = 1; !closed; number++) {
      ByteString value = ByteString.copyFromUtf8(Long.toString(number));
      PutRequest put = PutRequest.newBuilder().setKey(key).setValue(value).build();
      request("put", () -> calls.put(put));
      request("get", () -> calls.range(RangeRequest.newBuilder().setKey(key).build()));
      if (!closed) {
        Awaiting.pause(STEP);
      }
    }
  }

  private interface Request {
    CompletableFuture<?> make();
  }

  private void request(String kind, Request request) {
    long begin = System.nanoTime();
    try {
      var _ = EtcdCalls.await(request.make());
      note(kind, (System.nanoTime() - begin) / 1_000);
    } catch (RequestFailed failed) {
      note(kind, (System.nanoTime() - begin) / 1_000);
      note(kind + ": " + failed.getMessage());
      calls.connectNow();
    }
  }

  private synchronized void note(String kind, long took) {
    micros.recordValue(took);
    if (kind.equals("put")) {
      putMicros.recordValue(took);
    }
  }

  private synchronized void note(String failure) {
    failures.add(failure);
  }

  /** Returns the requests since the last call. */
  synchronized Seen take() {
    Seen seen =
        new Seen(
            micros.getTotalCount(),
            Duration.ofNanos(1_000 * putMicros.getValueAtPercentile(99)),
            Duration.ofNanos(1_000 * micros.getMaxValue()),
            List.copyOf(failures));
    micros = new Histogram(3);
    putMicros = new Histogram(3);
    failures = new ArrayList<>();
    return seen;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(LIMIT);
    } catch (InterruptedException interrupted) {
      throw Awaiting.interrupted(interrupted);
    }
    calls.close();
  }
}
