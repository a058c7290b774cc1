package io.balsa.verify;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.check.ChangeLog;
import io.balsa.check.History;
import io.balsa.check.WatchEvent;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.processes.Awaiting;
import io.balsa.processes.InstrumentFailure;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.verify.WatchVerdict.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Watchers of all that clients do to the keys of a run, two at each address, held against etcd's
 * guarantees in the end. What happened is read back from every address once nothing is broken any
 * more, held against what the clients were told, and the watchers against it.
 */
final class WatchVerification implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Some hundred bytes each at most, and less where many were told the same. */
  private static final long EVENTS_MAX = 2_000_000;

  private final List<HostPort> addresses;
  private final String prefix;
  private final long first;
  private final EventPool pool = new EventPool(EVENTS_MAX);
  private final TreeSet<String> unasked = new TreeSet<>();
  private final MultiKeyWriter writer;
  private final List<RecordingWatcher> watchers = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();

  /**
   * Begins to watch.
   *
   * @param prefix of the keys to watch; none of them is there yet
   * @throws InstrumentFailure when an address does not answer
   */
  WatchVerification(List<HostPort> addresses, String prefix) {
    this.addresses = addresses;
    this.prefix = prefix;
    this.first = revision() + 1;
    addresses.forEach(this::begin);
    this.writer = new MultiKeyWriter(addresses, prefix + RecordingWatcher.MULTI_KEY);
  }

  private long revision() {
    RangeRequest request =
        RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(prefix)).build();
    try (EtcdCalls calls = EtcdCalls.open(addresses, LIMIT)) {
      return EtcdCalls.await(calls.range(request)).getHeader().getRevision();
    } catch (RequestFailed failed) {
      throw new InstrumentFailure("no revision to watch from: " + failed.getMessage(), failed);
    }
  }

  private void begin(HostPort address) {
    String version = version(address);
    boolean asks = ProgressOrder.isKept(version);
    if (!asks) {
      unasked.add(version);
    }
    RecordingWatcher.Scope scope = new RecordingWatcher.Scope(prefix, first, pool);
    watchers.add(new RecordingWatcher(address, scope, false, asks));
    watchers.add(new RecordingWatcher(address, scope, true, asks));
  }

  private static String version(HostPort address) {
    try (EtcdCalls calls = EtcdCalls.open(List.of(address), LIMIT)) {
      return EtcdCalls.await(calls.status()).getVersion();
    } catch (RequestFailed failed) {
      throw new InstrumentFailure(address + " tells no version: " + failed.getMessage(), failed);
    }
  }

  /**
   * Ends the watching and judges; to be called when nothing is broken any more and no client asks.
   *
   * @param history what the clients asked and were told
   */
  WatchVerdict judge(History history) {
    try {
      long last = writer.last();
      watchers.forEach(RecordingWatcher::settle);
      await(watchers, last, "the watcher at ");
      watchers.forEach(RecordingWatcher::close);
      return judge(history, Math.max(last, lastEvent()));
    } catch (InstrumentFailure failed) {
      return unknown(String.valueOf(failed.getMessage()));
    }
  }

  /** The last revision of which a watcher saw an event. */
  private long lastEvent() {
    return watchers.stream()
        .flatMap(watcher -> watcher.recordings().stream())
        .mapToLong(WatchRecording::lastEvent)
        .max()
        .orElse(0);
  }

  private void await(List<RecordingWatcher> all, long revision, String who) {
    try {
      Awaiting.until(
          "watchers", PATIENCE, () -> all.stream().allMatch(each -> each.hasReached(revision)));
    } catch (InstrumentFailure _) {
      for (RecordingWatcher each : all) {
        if (!each.hasReached(revision)) {
          broken.add(
              "%s%s was told nothing beyond revision %s within %d s, and %d had been reached"
                  .formatted(who, each.address(), each.standing(), PATIENCE.toSeconds(), revision));
        }
      }
    }
  }

  private WatchVerdict judge(History history, long last) {
    List<RecordingWatcher> readers = new ArrayList<>();
    RecordingWatcher.Scope scope =
        new RecordingWatcher.Scope(prefix, first, new EventPool(Long.MAX_VALUE));
    addresses.forEach(address -> readers.add(new RecordingWatcher(address, scope, false, false)));
    await(readers, last, "all changes were asked for, and the server at ");
    readers.forEach(RecordingWatcher::close);
    long compacted =
        readers.stream()
            .flatMap(reader -> reader.recordings().stream())
            .mapToLong(WatchRecording::compacted)
            .max()
            .orElse(0);
    if (compacted > 0 && broken.isEmpty()) {
      return unknown("the store was compacted up to revision " + compacted + " meanwhile");
    }
    List<WatchCheck.WatchedStream> seen = new ArrayList<>(seen(watchers, ""));
    seen.addAll(seen(readers, " afterwards"));
    if (compacted == 0) {
      ChangeLog changes = new ChangeLog(longest(readers));
      broken.addAll(WatchCheck.broken(seen, changes, history));
    }
    return broken.isEmpty()
        ? new WatchVerdict(Kind.HOLD, watched() + ", the nine guarantees hold", listed(seen))
        : new WatchVerdict(Kind.BROKEN, watched() + "; " + brokenLines(), listed(seen));
  }

  private static List<WatchEvent> longest(List<RecordingWatcher> readers) {
    return readers.stream()
        .map(
            reader ->
                reader.recordings().stream()
                    .flatMap(recording -> recording.watched().responses().stream())
                    .flatMap(response -> response.events().stream())
                    .toList())
        .max(Comparator.comparingInt(List::size))
        .orElse(List.of());
  }

  private static List<WatchCheck.WatchedStream> seen(List<RecordingWatcher> all, String when) {
    return all.stream()
        .flatMap(each -> each.recordings().stream().map(recording -> recording.seen(each, when)))
        .toList();
  }

  private String watched() {
    List<WatchRecording> recordings =
        watchers.stream().flatMap(watcher -> watcher.recordings().stream()).toList();
    String words =
        String.format(
            Locale.ROOT,
            "%d watchers, %,d events in %,d streams",
            watchers.size(),
            recordings.stream().mapToLong(WatchRecording::events).sum(),
            recordings.size());
    if (!unasked.isEmpty()) {
      words += " (no progress asked of " + String.join(", ", unasked) + ": etcd issue 15220)";
    }
    return words + (pool.isFull() ? " (more are not kept: they ended early)" : "");
  }

  private String brokenLines() {
    return broken.stream().collect(Collectors.joining("\n  ", "BROKEN\n  ", ""));
  }

  private static String listed(List<WatchCheck.WatchedStream> seen) {
    return seen.stream().map(each -> each + "\n").collect(Collectors.joining());
  }

  private WatchVerdict unknown(String why) {
    return new WatchVerdict(
        Kind.UNKNOWN,
        watched() + "; UNKNOWN, which proves nothing: " + why,
        listed(seen(watchers, "")));
  }

  @Override
  public void close() {
    watchers.forEach(RecordingWatcher::close);
    writer.close();
  }
}
