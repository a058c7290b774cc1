package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks watches against the guarantees of etcd's API, as the nine validators of etcd's robustness
 * tests do. The check needs every change of the store in order.
 */
public final class WatchGuarantees {
  /** A guarantee of etcd's watch API. */
  public enum Guarantee {
    /** All events are of watched keys. */
    FILTER,
    /** Events come in the order of revisions. */
    ORDERED,
    /** No event comes twice. */
    UNIQUE,
    /** The events of one revision come together. */
    ATOMIC,
    /** After a progress notification, no event of its revision or an earlier one comes. */
    BOOKMARKABLE,
    /** A watch from a past revision begins with the first change from there on. */
    RESUMABLE,
    /** No event is missing between two others, and each event matches a change. */
    RELIABLE,
    /** An event is marked as a creation exactly when it created the key. */
    IS_CREATE,
    /** The previous value, when asked for, is the right one. */
    PREV_KV
  }

  /** A broken guarantee, and the event or change that broke it. */
  public record Broken(Guarantee guarantee, String what) {}

  /** The most breaks reported for each guarantee. */
  private static final int EXAMPLES_MAX = 3;

  private final RecordedWatch watch;
  private final ChangeLog changes;
  private final List<WatchEvent> seen = new ArrayList<>();
  private final EnumMap<Guarantee, List<Broken>> broken = new EnumMap<>(Guarantee.class);

  private WatchGuarantees(RecordedWatch watch, ChangeLog changes) {
    this.watch = watch;
    this.changes = changes;
    watch.responses().forEach(response -> seen.addAll(response.events()));
  }

  /**
   * Checks a watch.
   *
   * @param changes all changes of the watched keys, at least up to the last event of the watch
   * @return the first breaks of each guarantee; empty when all hold
   */
  public static List<Broken> check(RecordedWatch watch, ChangeLog changes) {
    WatchGuarantees guarantees = new WatchGuarantees(watch, changes);
    guarantees.holdSingly();
    guarantees.holdOrder();
    guarantees.holdResponses();
    guarantees.holdCompleteness();
    guarantees.holdBefore();
    return guarantees.broken.values().stream().flatMap(List::stream).toList();
  }

  private void expect(boolean holds, Guarantee guarantee, Supplier<Object> what) {
    if (!holds) {
      List<Broken> known = broken.computeIfAbsent(guarantee, _ -> new ArrayList<>());
      if (known.size() < EXAMPLES_MAX) {
        known.add(new Broken(guarantee, what.get().toString()));
      }
    }
  }

  private void holdSingly() {
    for (WatchEvent event : seen) {
      expect(watch.covers(event.key()), Guarantee.FILTER, () -> event);
    }
  }

  private void holdOrder() {
    HashMap<Long, Set<Bytes>> once = new HashMap<>();
    long last = 0;
    for (WatchEvent event : seen) {
      expect(event.modRevision() >= last, Guarantee.ORDERED, () -> event);
      last = Math.max(last, event.modRevision());
      Set<Bytes> keys = once.computeIfAbsent(event.modRevision(), _ -> new HashSet<>());
      expect(keys.add(event.key()), Guarantee.UNIQUE, () -> event);
    }
  }

  private void holdResponses() {
    long told = 0;
    long promised = 0;
    for (RecordedWatch.Response response : watch.responses()) {
      for (WatchEvent event : response.events()) {
        long promisedBefore = promised;
        expect(event.modRevision() != told, Guarantee.ATOMIC, () -> event);
        expect(
            event.modRevision() > promised,
            Guarantee.BOOKMARKABLE,
            () -> event + ", after a progress notification of revision " + promisedBefore);
      }
      if (response.events().isEmpty()) {
        promised = Math.max(promised, response.revision());
      } else {
        told = response.events().getLast().modRevision();
      }
    }
    expectNothingMissing(promised);
  }

  /** Every event up to the last progress notification has come. */
  private void expectNothingMissing(long promised) {
    if (watch.startRevision() > 0) {
      long last = seen.isEmpty() ? 0 : seen.getLast().modRevision();
      long from = Math.max(watch.startRevision(), last + 1);
      covered(from, promised)
          .forEach(change -> expect(false, Guarantee.BOOKMARKABLE, () -> change + " never came"));
    }
  }

  private Stream<WatchEvent> covered(long first, long last) {
    return changes.between(first, last).stream().filter(change -> watch.covers(change.key()));
  }

  private void holdCompleteness() {
    if (seen.isEmpty()) {
      return;
    }
    long first = seen.getFirst().modRevision();
    long last = seen.getLast().modRevision();
    Set<WatchEvent> told = new HashSet<>();
    seen.forEach(event -> told.add(event.withoutBefore()));
    if (watch.startRevision() > 0) {
      covered(watch.startRevision(), first - 1)
          .forEach(change -> expect(false, Guarantee.RESUMABLE, () -> change + " was left out"));
      expect(first >= watch.startRevision(), Guarantee.RESUMABLE, seen::getFirst);
    }
    covered(first, last)
        .forEach(
            change ->
                expect(
                    told.contains(change.withoutBefore()),
                    Guarantee.RELIABLE,
                    () -> change + " was left out"));
    for (WatchEvent event : seen) {
      expect(happened(event), Guarantee.RELIABLE, () -> event + " never happened");
    }
  }

  private boolean happened(WatchEvent event) {
    WatchEvent change = changes.at(event.key(), event.modRevision());
    return !watch.covers(event.key())
        || (change != null && change.withoutBefore().equals(event.withoutBefore()));
  }

  private void holdBefore() {
    for (WatchEvent event : seen) {
      WatchEvent change = changes.at(event.key(), event.modRevision());
      if (change != null) {
        holdBefore(event, change.before());
      }
    }
  }

  private void holdBefore(WatchEvent event, @Nullable Bytes before) {
    boolean saysCreated = event.value() != null && event.createRevision() == event.modRevision();
    boolean created = event.value() != null && before == null;
    expect(saysCreated == created, Guarantee.IS_CREATE, () -> event);
    expect(
        !watch.withBefore() || Objects.equals(event.before(), before),
        Guarantee.PREV_KV,
        () -> event);
  }
}
