package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All changes of some keys from their beginning on, as a server tells them, each with the value
 * that was there before it.
 */
public final class ChangeLog {
  private static final int EXAMPLES_MAX = 10;

  /** A key changes once in a revision. */
  private record Place(Bytes key, long revision) {}

  /** A key was given a value. */
  private record Given(Bytes key, Bytes value) {}

  private final List<WatchEvent> changes = new ArrayList<>();
  private final HashMap<Place, WatchEvent> places = new HashMap<>();

  /**
   * Changes in any order of revisions; within a revision in that of operations. Of two of one key
   * in one revision the first counts.
   *
   * @param told where no key was there before its first change
   */
  public ChangeLog(List<WatchEvent> told) {
    List<WatchEvent> sorted = new ArrayList<>(told);
    sorted.sort(Comparator.comparingLong(WatchEvent::modRevision));
    HashMap<Bytes, @Nullable Bytes> values = new HashMap<>();
    for (WatchEvent change : sorted) {
      Place place = new Place(change.key(), change.modRevision());
      if (!places.containsKey(place)) {
        WatchEvent known = change.with(values.put(change.key(), change.value()));
        places.put(place, known);
        changes.add(known);
      }
    }
  }

  /** How many changes there are. */
  public int size() {
    return changes.size();
  }

  /** The changes of some revisions, both ends included. */
  List<WatchEvent> between(long first, long last) {
    int from = firstFrom(first);
    return changes.subList(from, Math.max(from, firstFrom(last + 1)));
  }

  /** How many changes are of earlier revisions. */
  private int firstFrom(long revision) {
    int low = 0;
    int high = changes.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (changes.get(middle).modRevision() < revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** What a revision did to a key; null for nothing. */
  @Nullable WatchEvent at(Bytes key, long revision) {
    return places.get(new Place(key, revision));
  }

  /**
   * Holds the changes against themselves and against what clients were told by other requests: each
   * version follows from the one before, what was acknowledged or read is there at its revision,
   * and no value is there that nobody wrote.
   *
   * @param history of clients that give a value to a key at most once; of keys that it does not
   *     name nothing is asked
   * @return what does not fit, the first few of it; empty when all does
   */
  public List<String> contradictions(History history) {
    List<String> found = new ArrayList<>();
    holdVersions(found);
    Set<Bytes> keys = new HashSet<>();
    Set<Given> asked = new HashSet<>();
    for (Operation operation : history.operations()) {
      keys.add(operation.key());
      asked.add(new Given(operation.key(), value(operation.request())));
      holdAnswer(operation, found);
    }
    for (WatchEvent change : changes) {
      Bytes value = change.value();
      boolean known = value == null || asked.contains(new Given(change.key(), value));
      if (!known && keys.contains(change.key())) {
        found.add("nobody asked for the change " + change);
      }
    }
    return found.stream().limit(EXAMPLES_MAX).toList();
  }

  private void holdVersions(List<String> found) {
    HashMap<Bytes, WatchEvent> last = new HashMap<>();
    for (WatchEvent change : changes) {
      WatchEvent before = last.put(change.key(), change);
      boolean created = before == null || before.value() == null;
      boolean follows =
          change.value() == null
              ? !created
              : change.createRevision() == (created ? change.modRevision() : created(before))
                  && change.version() == (created ? 1 : version(before) + 1);
      if (!follows) {
        found.add("the change " + change + " does not follow from " + before);
      }
    }
  }

  private static long created(@Nullable WatchEvent event) {
    return event == null ? 0 : event.createRevision();
  }

  private static long version(@Nullable WatchEvent event) {
    return event == null ? 0 : event.version();
  }

  private static Bytes value(KeyRequest request) {
    return switch (request) {
      case KeyRequest.Put put -> put.value();
      case KeyRequest.Cas cas -> cas.value();
      case KeyRequest.Append append -> append.value();
      case KeyRequest.Get _, KeyRequest.Delete _ -> Bytes.EMPTY;
    };
  }

  private void holdAnswer(Operation operation, List<String> found) {
    Bytes key = operation.key();
    Bytes value = value(operation.request());
    boolean holds =
        switch (operation.answer()) {
          case Answer.Done done -> isThere(key, done.revision(), value);
          case Answer.Swapped swapped ->
              !swapped.swapped() || isThere(key, swapped.revision(), value);
          case Answer.Deleted deleted ->
              !deleted.existed() || isThere(key, deleted.revision(), null);
          case Answer.Found read -> isThere(key, read.modRevision(), read.value());
          case Answer.Nothing _, Answer.Unknown _ -> true;
        };
    if (!holds) {
      found.add("no change fits the answer of " + operation);
    }
  }

  /** A revision of 0 was not told. */
  private boolean isThere(Bytes key, long revision, @Nullable Bytes value) {
    WatchEvent change = at(key, revision);
    return revision == 0 || (change != null && Objects.equals(change.value(), value));
  }
}
