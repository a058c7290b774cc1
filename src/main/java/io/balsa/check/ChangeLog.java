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
 * All changes of some keys since the store began, as a watch reports them, each with the value
 * before it.
 */
public final class ChangeLog {
  private static final int EXAMPLES_MAX = 10;

  /** A key changes at most once in a revision. */
  private record Place(Bytes key, long revision) {}

  /** A value that a request writes to a key. */
  private record Given(Bytes key, Bytes value) {}

  private final List<WatchEvent> changes = new ArrayList<>();
  private final HashMap<Place, WatchEvent> places = new HashMap<>();

  /**
   * A log of changes. They may come in any order of revisions, but within a revision in the order
   * of operations. Of two changes of one key in one revision, the first counts.
   *
   * @param told the changes; no key exists before its first change
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

  /** The number of changes. */
  public int size() {
    return changes.size();
  }

  /** The changes of some revisions, both ends included. */
  List<WatchEvent> between(long first, long last) {
    int from = firstFrom(first);
    return changes.subList(from, Math.max(from, firstFrom(last + 1)));
  }

  /** The number of changes with an earlier revision. */
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

  /** The change of a key at a revision; null when there is none. */
  @Nullable WatchEvent at(Bytes key, long revision) {
    return places.get(new Place(key, revision));
  }

  /**
   * Checks the changes against each other and against the answers that clients got. Each version
   * must follow from the one before. Acknowledged and read values must be there at their revision.
   * Every value must come from a request.
   *
   * @param history the requests and answers; they write each value to a key at most once. Keys that
   *     the history does not name are not checked against it.
   * @return the first contradictions, at most ten; empty when there are none
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
        found.add("no request made the change " + change);
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

  /** Revision 0 stands for an unknown revision. */
  private boolean isThere(Bytes key, long revision, @Nullable Bytes value) {
    WatchEvent change = at(key, revision);
    return revision == 0 || (change != null && Objects.equals(change.value(), value));
  }
}
