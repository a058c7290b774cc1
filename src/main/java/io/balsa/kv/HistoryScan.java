package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.engine.Engine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads what changed from a revision on, whole revisions, in pieces of bounded size. */
final class HistoryScan {
  /** Bounds of a piece; a revision that goes beyond them is still read whole. */
  private static final int CHANGES_MAX = 10_000;

  private static final long BYTES_MAX = 1 << 20;

  private final ViewKeyspace keys;
  private final Predicate<Bytes> wanted;
  private final List<Changes> found = new ArrayList<>();
  private final List<Change> ofRevision = new ArrayList<>();
  private long bytes;

  private HistoryScan(ViewKeyspace keys, Predicate<Bytes> wanted) {
    this.keys = keys;
    this.wanted = wanted;
  }

  static History read(ViewKeyspace keys, long from, Predicate<Bytes> wanted) {
    if (from < keys.compactRevision()) {
      return new History(List.of(), from, keys.revision(), keys.compactRevision());
    }
    HistoryScan scan = new HistoryScan(keys, wanted);
    long next = scan.from(from);
    return new History(scan.found, next, keys.revision(), keys.compactRevision());
  }

  /** Reads on; returns the first revision that was not read. */
  private long from(long first) {
    Bytes start = Layout.revision(first, 0);
    Bytes end = Layout.revision(keys.revision() + 1, 0);
    long current = first;
    try (Engine.Cursor rows = keys.view().scan(start, end)) {
      for (int seen = 0; rows.next(); seen++) {
        long revision = Layout.revisionOf(rows.key());
        if (revision != current) {
          resolve(current);
          if (seen >= CHANGES_MAX || bytes >= BYTES_MAX) {
            return revision;
          }
          current = revision;
        }
        Change change = Change.decode(rows.value());
        if (wanted.test(change.key())) {
          ofRevision.add(change);
        }
      }
    }
    resolve(current);
    return Math.max(first, keys.revision() + 1);
  }

  private void resolve(long revision) {
    if (ofRevision.isEmpty()) {
      return;
    }
    List<Event> events = new ArrayList<>(ofRevision.size());
    HashMap<Bytes, Integer> lastPut = lastPuts();
    for (int i = 0; i < ofRevision.size(); i++) {
      Change change = ofRevision.get(i);
      if (change.deleted()) {
        events.add(Event.deleted(change.key(), revision, previous(change, revision)));
      } else if (lastPut.isEmpty() || Integer.valueOf(i).equals(lastPut.get(change.key()))) {
        events.add(put(change, revision));
      }
    }
    ofRevision.clear();
    Changes changes = Changes.of(revision, events);
    bytes += changes.bytes();
    found.add(changes);
  }

  /** Only the last put of a key in a revision has left a version; empty for a single change. */
  @SuppressWarnings("NonApiType") // a hash map is to be seen as one here
  private HashMap<Bytes, Integer> lastPuts() {
    HashMap<Bytes, Integer> last = new HashMap<>();
    for (int i = 0; ofRevision.size() > 1 && i < ofRevision.size(); i++) {
      if (!ofRevision.get(i).deleted()) {
        last.put(ofRevision.get(i).key(), i);
      }
    }
    return last;
  }

  private Event put(Change change, long revision) {
    KeyValue kv = version(change.key(), revision);
    Check.that(kv != null, "a change that is not compacted has its version");
    Event bare = Event.put(Objects.requireNonNull(kv), null);
    return bare.creates() ? bare : bare.before(previous(change, revision));
  }

  /** The version that a revision made, also when the same revision ended it. */
  private @Nullable KeyValue version(Bytes key, long revision) {
    KeyValue newest = keys.newest(key);
    return newest != null && newest.modRevision() == revision ? newest : superseded(key, revision);
  }

  private @Nullable KeyValue superseded(Bytes key, long revision) {
    Bytes row = keys.view().get(Layout.history(key, revision));
    return row == null ? null : Version.decode(key, row).kv();
  }

  private @Nullable KeyValue previous(Change change, long revision) {
    if (change.superseded() == 0 || revision - 1 < keys.compactRevision()) {
      return null;
    }
    return change.superseded() < revision
        ? superseded(change.key(), change.superseded())
        : keys.at(change.key(), revision - 1);
  }
}
