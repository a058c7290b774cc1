package io.balsa.verify;

import com.google.protobuf.ByteString;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.processes.Awaiting;
import io.balsa.processes.Workers;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Watches at one address, on one stream after the other, and records all of them.
 *
 * <ul>
 *   <li>A steady watcher watches all keys. When its stream breaks, it continues after the last
 *       revision that it received.
 *   <li>A restless watcher leaves each stream within three seconds and begins another: of all keys,
 *       of three or of one, from an earlier, a later or the current revision on.
 * </ul>
 */
final class RecordingWatcher implements AutoCloseable {
  /** After the prefix, the beginning of the keys that change in one transaction. */
  static final String MULTI_KEY = "together/";

  private static final Duration STEP = Duration.ofMillis(100);
  private static final int STAYS_MILLIS_MAX = 3_000;
  private static final int EARLIER_MAX = 300;
  private static final int LATER_MAX = 100;

  private final HostPort address;
  private final Scope scope;
  private final boolean restless;
  private final boolean asksProgress;
  private final EtcdClient client;
  private final EtcdCalls calls;
  private final SplittableRandom dice = new SplittableRandom();
  private final List<WatchRecording> recordings = new ArrayList<>();
  private final Workers workers;
  private volatile boolean settled;
  private volatile boolean closed;

  /**
   * What all watchers of a run have in common.
   *
   * @param prefix of all keys; ends with a slash
   * @param first the first revision to watch
   * @param pool holds the events
   * @param settings of the watchers' connections
   */
  record Scope(String prefix, long first, EventPool pool, ClientSettings settings) {}

  RecordingWatcher(HostPort address, Scope scope, boolean restless, boolean asksProgress) {
    this.address = address;
    this.scope = scope;
    this.restless = restless;
    this.asksProgress = asksProgress;
    this.client = EtcdClient.open(List.of(address), scope.settings());
    this.calls = new EtcdCalls(client, STEP);
    this.workers = Workers.start("watcher-" + address, 1, _ -> watch());
  }

  HostPort address() {
    return address;
  }

  private void watch() {
    long from = scope.first();
    while (!closed && !scope.pool().isFull()) {
      WatchRecording recording = new WatchRecording(client, request(from), scope.pool());
      keep(recording);
      awaitEnd(recording);
      recording.close();
      from = Math.max(scope.first(), recording.next());
      calls.connectNow();
      Awaiting.pause(STEP);
    }
  }

  private synchronized void keep(WatchRecording recording) {
    recordings.add(recording);
  }

  private void awaitEnd(WatchRecording recording) {
    long stays = Duration.ofMillis(dice.nextInt(STAYS_MILLIS_MAX)).toNanos();
    long begin = System.nanoTime();
    while (!closed && !recording.isOver() && !scope.pool().isFull()) {
      if (restless && !settled && System.nanoTime() - begin > stays) {
        return;
      }
      if (asksProgress) {
        recording.askProgress();
      }
      Awaiting.pause(STEP);
    }
  }

  private WatchCreateRequest request(long next) {
    WatchCreateRequest.Builder request =
        WatchCreateRequest.newBuilder().setProgressNotify(true).setStartRevision(next);
    if (!restless) {
      return span(request, scope.prefix()).setPrevKv(true).build();
    }
    switch (dice.nextInt(3)) {
      case 0 -> span(request, scope.prefix());
      case 1 -> span(request, scope.prefix() + MULTI_KEY);
      default ->
          request.setKey(ByteString.copyFromUtf8(MultiKeyWriter.key(scope.prefix() + MULTI_KEY)));
    }
    return request.setPrevKv(dice.nextBoolean()).setStartRevision(start(next)).build();
  }

  /** The end of the range of keys below a prefix that ends with a slash. */
  static String end(String prefix) {
    return prefix.substring(0, prefix.length() - 1) + (char) ('/' + 1);
  }

  private static WatchCreateRequest.Builder span(
      WatchCreateRequest.Builder request, String prefix) {
    Bytes from = Bytes.utf8(prefix);
    Bytes end = Bytes.utf8(end(prefix));
    return request.setKey(RecordedAnswers.proto(from)).setRangeEnd(RecordedAnswers.proto(end));
  }

  private long start(long next) {
    return switch (settled ? 0 : dice.nextInt(6)) {
      case 0, 1 -> next;
      case 2, 3 -> Math.max(scope.first(), next - dice.nextInt(EARLIER_MAX));
      case 4 -> next + dice.nextInt(LATER_MAX);
      default -> 0; // the current revision
    };
  }

  /** Makes a restless watcher stay on its stream until that breaks. */
  void settle() {
    settled = true;
  }

  /** Whether the watcher has all events up to a revision, or the pool is full. */
  boolean hasReached(long revision) {
    WatchRecording last = last();
    return scope.pool().isFull() || (last != null && last.hasReached(revision));
  }

  private synchronized @Nullable WatchRecording last() {
    return recordings.isEmpty() ? null : recordings.getLast();
  }

  /** The last revision that the watcher knows, and how its current stream ended if it has. */
  String position() {
    long known = recordings().stream().mapToLong(WatchRecording::lastKnown).max().orElse(0);
    WatchRecording last = last();
    String end = last == null || last.end().isEmpty() ? "" : "; its stream ended: " + last.end();
    return known + end;
  }

  synchronized List<WatchRecording> recordings() {
    return List.copyOf(recordings);
  }

  @Override
  public void close() {
    closed = true;
    workers.join();
    client.close();
  }
}
