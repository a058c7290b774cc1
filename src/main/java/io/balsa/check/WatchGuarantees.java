package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds watches against what etcd promises of them (its API guarantees and the nine validators of
 * its robustness tests), given every change of the store in its order.
 */
public final class WatchGuarantees {
  /** What is promised. */
  public enum Guarantee {
    /** Events are of keys that are watched. */
    FILTER,
    /** Events come in the order of revisions. */
    ORDERED,
    /** No event comes twice. */
    UNIQUE,
    /** The events of one revision come together. */
    ATOMIC,
    /** After a progress notification nothing comes of its revision or an earlier one. */
    BOOKMARKABLE,
    /** A watch from a past revision begins with the first change from there on. */
    RESUMABLE,
    /** Between two events that came, none is left out, and each is what was done. */
    RELIABLE,
    /** An event says that it created the key when it did, and only then. */
    IS_CREATE,
    /** The value before, when asked for, is the one that was there. */
    PREV_KV
  }

  /** A promise broken, and by what. */
  public record Broken(Guarantee guarantee, String what) {}

  private final Watched watch;
  private final List<WatchEvent> changes;
  private final List<WatchEvent> seen = new ArrayList<>();
  private final List<Broken> broken = new ArrayList<>();

  private WatchGuarantees(Watched watch, List<WatchEvent> changes) {
    this.watch = watch;
    this.changes = changes.stream().filter(change -> watch.covers(change.key())).toList();
    watch.responses().forEach(response -> seen.addAll(response.events()));
  }

  /**
   * Holds a watch against the promises.
   *
   * @param changes all changes of the store, in the order of revisions, and in that of operations
   *     within one
   * @return what is broken; empty when all holds
   */
  public static List<Broken> check(Watched watch, List<WatchEvent> changes) {
    WatchGuarantees guarantees = new WatchGuarantees(watch, changes);
    guarantees.holdSingly();
    guarantees.holdOrder();
    guarantees.holdResponses();
    guarantees.holdCompleteness();
    guarantees.holdBefore();
    return List.copyOf(guarantees.broken);
  }

  private void expect(boolean holds, Guarantee guarantee, Object what) {
    if (!holds) {
      broken.add(new Broken(guarantee, what.toString()));
    }
  }

  private void holdSingly() {
    for (WatchEvent event : seen) {
      expect(watch.covers(event.key()), Guarantee.FILTER, event);
    }
  }

  private void holdOrder() {
    HashSet<String> once = new HashSet<>();
    long last = 0;
    for (WatchEvent event : seen) {
      expect(event.modRevision() >= last, Guarantee.ORDERED, event);
      last = Math.max(last, event.modRevision());
      expect(once.add(event.key() + "@" + event.modRevision()), Guarantee.UNIQUE, event);
    }
  }

  private void holdResponses() {
    long told = 0;
    long promised = 0;
    for (Watched.Response response : watch.responses()) {
      for (WatchEvent event : response.events()) {
        expect(event.modRevision() != told, Guarantee.ATOMIC, event);
        expect(event.modRevision() > promised, Guarantee.BOOKMARKABLE, event);
      }
      if (response.events().isEmpty()) {
        promised = Math.max(promised, response.revision());
      } else {
        told = response.events().getLast().modRevision();
      }
    }
    expectNothingMissing(promised);
  }

  /** What was promised to have come has come. */
  private void expectNothingMissing(long promised) {
    long last = seen.isEmpty() ? 0 : seen.getLast().modRevision();
    for (WatchEvent change : changes) {
      boolean due =
          watch.startRevision() > 0
              && change.modRevision() >= watch.startRevision()
              && change.modRevision() > last
              && change.modRevision() <= promised;
      expect(!due, Guarantee.BOOKMARKABLE, change + " never came");
    }
  }

  private void holdCompleteness() {
    if (seen.isEmpty()) {
      return;
    }
    long first = seen.getFirst().modRevision();
    long last = seen.getLast().modRevision();
    for (WatchEvent change : changes) {
      long at = change.modRevision();
      if (watch.startRevision() > 0 && at >= watch.startRevision() && at < first) {
        expect(false, Guarantee.RESUMABLE, change + " was left out");
      } else if (at >= first && at <= last) {
        expect(
            seen.stream().anyMatch(change::isSameChange),
            Guarantee.RELIABLE,
            change + " was left out");
      }
    }
    for (WatchEvent event : seen) {
      expect(
          !watch.covers(event.key()) || changes.stream().anyMatch(event::isSameChange),
          Guarantee.RELIABLE,
          event + " never happened");
    }
    expect(
        watch.startRevision() == 0 || first >= watch.startRevision(),
        Guarantee.RESUMABLE,
        seen.getFirst());
  }

  /** Goes over the changes once more and knows each key's value before each. */
  private void holdBefore() {
    HashMap<Bytes, @Nullable Bytes> values = new HashMap<>();
    for (WatchEvent change : changes) {
      Bytes before = values.put(change.key(), change.value());
      for (WatchEvent event : seen) {
        boolean same =
            event.key().equals(change.key()) && event.modRevision() == change.modRevision();
        if (same) {
          holdBefore(event, before);
        }
      }
    }
  }

  private void holdBefore(WatchEvent event, @Nullable Bytes before) {
    boolean saysCreated = event.value() != null && event.createRevision() == event.modRevision();
    expect(saysCreated == (event.value() != null && before == null), Guarantee.IS_CREATE, event);
    expect(!watch.withBefore() || Objects.equals(event.before(), before), Guarantee.PREV_KV, event);
  }
}
