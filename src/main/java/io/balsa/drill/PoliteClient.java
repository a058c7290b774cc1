package io.balsa.drill;

import com.google.protobuf.ByteString;
import io.balsa.client.RequestFailed;
import io.balsa.processes.Awaiting;
import io.balsa.processes.PlainEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * A client with little load: it puts and gets one small key, with pauses of 20 ms. It records the
 * time of each request, and the failures.
 */
final class PoliteClient implements AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(20);
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final PlainEndpoint endpoint;
  private final ByteString key;
  private final Thread thread;
  private Histogram micros = new Histogram(3);
  private List<String> failures = new ArrayList<>();
  private volatile boolean closed;

  /** The requests since the last {@link #take}. */
  record Seen(long requests, Duration p99, Duration slowest, List<String> failures) {
    static final Seen NOTHING = new Seen(0, Duration.ZERO, Duration.ZERO, List.of());
  }

  PoliteClient(int port) {
    endpoint = PlainEndpoint.onLoopback(port);
    key = ByteString.copyFromUtf8("polite/" + port);
    thread = Thread.ofPlatform().name("polite-" + port).daemon(true).start(this::work);
  }

  private void work() {
    for (long number = 1; !closed; number++) {
      ByteString value = ByteString.copyFromUtf8(Long.toString(number));
      request("put", () -> endpoint.put(key, value, LIMIT));
      request("get", () -> endpoint.get(key, false, LIMIT));
      if (!closed) {
        Awaiting.pause(STEP);
      }
    }
  }

  private interface Request {
    Object make() throws RequestFailed;
  }

  private void request(String kind, Request request) {
    long begin = System.nanoTime();
    try {
      var _ = request.make();
      note((System.nanoTime() - begin) / 1_000);
    } catch (RequestFailed failed) {
      note(kind + ": " + failed.getMessage(), (System.nanoTime() - begin) / 1_000);
      endpoint.reconnect();
    }
  }

  private synchronized void note(long took) {
    micros.recordValue(took);
  }

  private synchronized void note(String failure, long took) {
    micros.recordValue(took);
    failures.add(failure);
  }

  /** Returns the requests since the last call. */
  synchronized Seen take() {
    Seen seen =
        new Seen(
            micros.getTotalCount(),
            Duration.ofNanos(1_000 * micros.getValueAtPercentile(99)),
            Duration.ofNanos(1_000 * micros.getMaxValue()),
            List.copyOf(failures));
    micros = new Histogram(3);
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
    endpoint.close();
  }
}
