package io.balsa.watch;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.model.Changes;
import io.balsa.model.Event;
import io.balsa.rows.Change;
import io.balsa.rows.Layout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads the changes from a revision on, in pieces of whole revisions and of bounded size. It stops
 * before a revision that is too large for a piece; {@link RevisionPiece}s read that one.
 */
public final class HistoryScan {
  private final PastEvents past;
  private final Predicate<Bytes> wanted;
  private final WatchLimits limits;
  private final List<Changes> found = new ArrayList<>();
  private final List<Change> ofRevision = new ArrayList<>();
  private int rowsOfRevision;
  private long keyBytes;
  private long bytes;

  private HistoryScan(PastEvents past, Predicate<Bytes> wanted, WatchLimits limits) {
    this.past = past;
    this.wanted = wanted;
    this.limits = limits;
  }

  /**
   * Reads a piece.
   *
   * @param upTo the revision to stop before, because its events cannot be sent yet
   */
  public static PastChanges read(
      PastEvents past, long from, long upTo, Predicate<Bytes> wanted, WatchLimits limits) {
    long revision = past.keys().revision();
    long compactRevision = past.keys().compactRevision();
    if (from < compactRevision) {
      return new PastChanges(List.of(), from, false, revision, compactRevision);
    }
    HistoryScan scan = new HistoryScan(past, wanted, limits);
    long next = scan.from(from, upTo);
    return new PastChanges(scan.found, next, scan.rowsOfRevision > 0, revision, compactRevision);
  }

  /**
   * Reads on; returns the first revision that was not read. That revision is too large when some of
   * its rows were read.
   */
  private long from(long first, long upTo) {
    Bytes start = Layout.revision(first, 0);
    Bytes end = Layout.revision(upTo, 0);
    long current = first;
    try (Engine.Cursor rows = past.keys().view().scan(start, end)) {
      for (int seen = 0; rows.next(); seen++) {
        long revision = Layout.revisionOf(rows.key());
        if (revision != current) {
          if (!resolve(current)) {
            return current;
          }
          if (seen >= limits.changes() || bytes >= limits.pieceBytes()) {
            return revision;
          }
          current = revision;
        }
        take(Change.decode(rows.value()));
        if (rowsOfRevision > limits.changes() || isTooLarge(ofRevision.size(), keyBytes)) {
          return current;
        }
      }
    }
    return resolve(current) ? Math.max(first, upTo) : current;
  }

  private boolean isTooLarge(int events, long eventBytes) {
    return events > 1 && eventBytes > limits.wholeBytes();
  }

  private void take(Change change) {
    rowsOfRevision++;
    if (wanted.test(change.key())) {
      ofRevision.add(change);
      keyBytes += change.key().size();
    }
  }

  /** Adds the changes of a revision and drops its rows; false when the revision is too large. */
  private boolean resolve(long revision) {
    List<Event> events = new ArrayList<>(ofRevision.size());
    HashMap<Bytes, Integer> lastPut = lastPuts();
    long eventBytes = 0;
    for (int i = 0; i < ofRevision.size(); i++) {
      Change change = ofRevision.get(i);
      Integer last = lastPut.get(change.key());
      if (change.deleted() || last == null || last == i) {
        Event event = past.of(change, revision);
        events.add(event);
        eventBytes += event.bytes();
      }
      if (isTooLarge(events.size(), eventBytes)) {
        return false;
      }
    }
    if (!events.isEmpty()) {
      found.add(new Changes(revision, events, eventBytes));
      bytes += eventBytes;
    }
    ofRevision.clear();
    rowsOfRevision = 0;
    keyBytes = 0;
    return true;
  }

  /** Only the last put of a key in a revision leaves a version; empty for a single change. */
  @SuppressWarnings("NonApiType") // the fence must see a hash map as one
  private HashMap<Bytes, Integer> lastPuts() {
    HashMap<Bytes, Integer> last = new HashMap<>();
    for (int i = 0; ofRevision.size() > 1 && i < ofRevision.size(); i++) {
      if (!ofRevision.get(i).deleted()) {
        last.put(ofRevision.get(i).key(), i);
      }
    }
    return last;
  }
}
