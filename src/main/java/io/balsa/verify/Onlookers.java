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
final class Onlookers implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Some hundred bytes each at most, and less where many were told the same. */
  private static final long EVENTS_MAX = 2_000_000;

  private final List<HostPort> addresses;
  private final String prefix;
  private final long first;
  private final EventKeeper keeper = new EventKeeper(EVENTS_MAX);
  private final TreeSet<String> unasked = new TreeSet<>();
  private final Together together;
  private final List<Onlooker> onlookers = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();

  /**
   * Begins to watch.
   *
   * @param prefix of the keys to watch; none of them is there yet
   * @throws InstrumentFailure when an address does not answer
   */
  Onlookers(List<HostPort> addresses, String prefix) {
    this.addresses = addresses;
    this.prefix = prefix;
    this.first = revision() + 1;
    addresses.forEach(this::begin);
    this.together = new Together(addresses, prefix + Onlooker.TOGETHER);
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
    Onlooker.Sight sight = new Onlooker.Sight(prefix, first, keeper);
    onlookers.add(new Onlooker(address, sight, false, asks));
    onlookers.add(new Onlooker(address, sight, true, asks));
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
      long last = together.last();
      onlookers.forEach(Onlooker::settle);
      await(onlookers, last, "the watcher at ");
      onlookers.forEach(Onlooker::close);
      return judge(history, Math.max(last, lastEvent()));
    } catch (InstrumentFailure failed) {
      return unknown(String.valueOf(failed.getMessage()));
    }
  }

  /** The last revision of which a watcher saw an event. */
  private long lastEvent() {
    return onlookers.stream()
        .flatMap(onlooker -> onlooker.stretches().stream())
        .mapToLong(WatchStretch::lastEvent)
        .max()
        .orElse(0);
  }

  private void await(List<Onlooker> all, long revision, String who) {
    try {
      Awaiting.until(
          "watchers", PATIENCE, () -> all.stream().allMatch(each -> each.hasReached(revision)));
    } catch (InstrumentFailure _) {
      for (Onlooker each : all) {
        if (!each.hasReached(revision)) {
          broken.add(
              "%s%s was told nothing beyond revision %s within %d s, and %d had been reached"
                  .formatted(who, each.address(), each.standing(), PATIENCE.toSeconds(), revision));
        }
      }
    }
  }

  private WatchVerdict judge(History history, long last) {
    List<Onlooker> readers = new ArrayList<>();
    Onlooker.Sight sight = new Onlooker.Sight(prefix, first, new EventKeeper(Long.MAX_VALUE));
    addresses.forEach(address -> readers.add(new Onlooker(address, sight, false, false)));
    await(readers, last, "all changes were asked for, and the server at ");
    readers.forEach(Onlooker::close);
    long compacted =
        readers.stream()
            .flatMap(reader -> reader.stretches().stream())
            .mapToLong(WatchStretch::compacted)
            .max()
            .orElse(0);
    if (compacted > 0 && broken.isEmpty()) {
      return unknown("the store was compacted up to revision " + compacted + " meanwhile");
    }
    List<WatchJudgement.Seen> seen = new ArrayList<>(seen(onlookers, ""));
    seen.addAll(seen(readers, " afterwards"));
    if (compacted == 0) {
      ChangeLog changes = new ChangeLog(longest(readers));
      broken.addAll(WatchJudgement.broken(seen, changes, history));
    }
    return broken.isEmpty()
        ? new WatchVerdict(Kind.HOLD, watched() + ", the nine guarantees hold", listed(seen))
        : new WatchVerdict(Kind.BROKEN, watched() + "; " + brokenLines(), listed(seen));
  }

  private static List<WatchEvent> longest(List<Onlooker> readers) {
    return readers.stream()
        .map(
            reader ->
                reader.stretches().stream()
                    .flatMap(stretch -> stretch.watched().responses().stream())
                    .flatMap(response -> response.events().stream())
                    .toList())
        .max(Comparator.comparingInt(List::size))
        .orElse(List.of());
  }

  private static List<WatchJudgement.Seen> seen(List<Onlooker> all, String when) {
    return all.stream()
        .flatMap(each -> each.stretches().stream().map(stretch -> stretch.seen(each, when)))
        .toList();
  }

  private String watched() {
    List<WatchStretch> stretches =
        onlookers.stream().flatMap(onlooker -> onlooker.stretches().stream()).toList();
    String words =
        String.format(
            Locale.ROOT,
            "%d watchers, %,d events in %,d streams",
            onlookers.size(),
            stretches.stream().mapToLong(WatchStretch::events).sum(),
            stretches.size());
    if (!unasked.isEmpty()) {
      words += " (no progress asked of " + String.join(", ", unasked) + ": etcd issue 15220)";
    }
    return words + (keeper.isFull() ? " (more are not kept: they ended early)" : "");
  }

  private String brokenLines() {
    return broken.stream().collect(Collectors.joining("\n  ", "BROKEN\n  ", ""));
  }

  private static String listed(List<WatchJudgement.Seen> seen) {
    return seen.stream().map(each -> each + "\n").collect(Collectors.joining());
  }

  private WatchVerdict unknown(String why) {
    return new WatchVerdict(
        Kind.UNKNOWN,
        watched() + "; UNKNOWN, which proves nothing: " + why,
        listed(seen(onlookers, "")));
  }

  @Override
  public void close() {
    onlookers.forEach(Onlooker::close);
    together.close();
  }
}
