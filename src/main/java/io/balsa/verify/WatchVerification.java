package io.balsa.verify;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.check.ChangeLog;
import io.balsa.check.History;
import io.balsa.check.WatchEvent;
import io.balsa.client.ClientSettings;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Two watchers at each address, checked against etcd's guarantees at the end of a run. After all
 * faults a new watch at every address reads all changes. The longest of these defines what
 * happened: it is checked against the history of the clients, and all streams are checked against
 * it.
 */
final class WatchVerification implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** An event takes some hundred bytes at most; equal events are held once. */
  private static final long EVENTS_MAX = 2_000_000;

  private final List<HostPort> addresses;
  private final ClientSettings settings;
  private final String prefix;
  private final long first;
  private final EventPool pool = new EventPool(EVENTS_MAX);
  private final TreeSet<String> withoutProgress = new TreeSet<>();
  private final MultiKeyWriter writer;
  private final List<RecordingWatcher> watchers = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();

  /**
   * Starts the watchers.
   *
   * @param settings of a client that may read and write all keys
   * @param prefix of the keys to watch; none of them exists yet
   * @throws InstrumentFailure when an address does not answer
   */
  WatchVerification(List<HostPort> addresses, ClientSettings settings, String prefix) {
    this.addresses = addresses;
    this.settings = settings;
    this.prefix = prefix;
    this.first = revision() + 1;
    addresses.forEach(this::begin);
    this.writer = new MultiKeyWriter(addresses, settings, prefix + RecordingWatcher.MULTI_KEY);
  }

  private long revision() {
    RangeRequest request =
        RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(prefix)).build();
    try (EtcdCalls calls = calls(addresses)) {
      return EtcdCalls.await(calls.range(request)).getHeader().getRevision();
    } catch (RequestFailed failed) {
      throw new InstrumentFailure("no revision to watch from: " + failed.getMessage(), failed);
    }
  }

  private void begin(HostPort address) {
    String version = version(address);
    boolean asks = ProgressOrder.isKept(version);
    if (!asks) {
      withoutProgress.add(version);
    }
    RecordingWatcher.Scope scope = new RecordingWatcher.Scope(prefix, first, pool, settings);
    watchers.add(new RecordingWatcher(address, scope, false, asks));
    watchers.add(new RecordingWatcher(address, scope, true, asks));
  }

  private EtcdCalls calls(List<HostPort> asked) {
    return new EtcdCalls(EtcdClient.open(asked, settings), LIMIT);
  }

  private String version(HostPort address) {
    try (EtcdCalls calls = calls(List.of(address))) {
      return EtcdCalls.await(calls.status()).getVersion();
    } catch (RequestFailed failed) {
      throw new InstrumentFailure(address + " reports no version: " + failed.getMessage(), failed);
    }
  }

  /**
   * Ends the watchers and checks them. Call it after all faults and all requests have ended.
   *
   * @param history the requests and answers of the clients
   * @param refused values that must not appear, because their writes were denied
   */
  WatchVerdict check(History history, Set<String> refused) {
    try {
      long last = writer.last();
      watchers.forEach(RecordingWatcher::settle);
      await(watchers, last, "the watcher at ");
      watchers.forEach(RecordingWatcher::close);
      return check(history, refused, Math.max(last, lastEvent()));
    } catch (InstrumentFailure failed) {
      return unknown(String.valueOf(failed.getMessage()));
    } catch (IllegalArgumentException | IllegalStateException failed) {
      return unknown("the recorded events could not be checked: " + failed.getMessage());
    }
  }

  /** The last revision of an event that a watcher received. */
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
              "%s%s received nothing after revision %s within %d s, but the store is at %d"
                  .formatted(who, each.address(), each.position(), PATIENCE.toSeconds(), revision));
        }
      }
    }
  }

  private WatchVerdict check(History history, Set<String> refused, long last) {
    List<RecordingWatcher> readers = new ArrayList<>();
    RecordingWatcher.Scope scope =
        new RecordingWatcher.Scope(prefix, first, new EventPool(Long.MAX_VALUE), settings);
    addresses.forEach(address -> readers.add(new RecordingWatcher(address, scope, false, false)));
    await(readers, last, "the new watch of all changes at ");
    readers.forEach(RecordingWatcher::close);
    long compacted =
        readers.stream()
            .flatMap(reader -> reader.recordings().stream())
            .mapToLong(WatchRecording::compacted)
            .max()
            .orElse(0);
    if (compacted > 0 && broken.isEmpty()) {
      return unknown("the store was compacted up to revision " + compacted + " during the run");
    }
    List<WatchCheck.WatchedStream> seen = new ArrayList<>(seen(watchers, ""));
    seen.addAll(seen(readers, " afterwards"));
    if (compacted == 0) {
      List<WatchEvent> all = longest(readers);
      broken.addAll(appeared(all, refused));
      ChangeLog changes = new ChangeLog(all);
      broken.addAll(WatchCheck.broken(seen, changes, history));
    }
    return broken.isEmpty()
        ? new WatchVerdict(Kind.HOLD, watched() + ", the nine guarantees hold", listed(seen))
        : new WatchVerdict(Kind.BROKEN, watched() + "; " + brokenLines(), listed(seen));
  }

  /** The changes by writes that were denied. */
  static List<String> appeared(List<WatchEvent> changes, Set<String> refused) {
    return changes.stream()
        .filter(each -> each.value() != null && refused.contains(each.value().utf8()))
        .map(each -> "a denied write has had an effect: " + each)
        .toList();
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
        .flatMap(each -> each.recordings().stream().map(recording -> recording.stream(each, when)))
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
    if (!withoutProgress.isEmpty()) {
      words +=
          " (no progress requested from "
              + String.join(", ", withoutProgress)
              + ": etcd issue 15220)";
    }
    return words
        + (pool.isFull() ? " (the limit of kept events is reached: the watchers ended early)" : "");
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
