package io.balsa.watch;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.model.Event;
import io.balsa.model.EventSize;
import io.balsa.rows.Change;
import io.balsa.rows.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Some events of one revision that is too large to be read at once. A key that a revision changes
 * several times, which no request does, is told with each change.
 *
 * @param after the row to go on after; null when there is no more
 * @param compactRevision at the moment of reading; when it is greater than the revision, nothing
 *     was read
 */
record RevisionPiece(List<Event> events, @Nullable Bytes after, long compactRevision) {
  /**
   * Reads a piece.
   *
   * @param after where the last piece ended; null for the first one
   * @param rowsMax the most changes looked at
   * @param bytesMax the piece ends with the event that reaches it, as {@link EventSize} counts
   */
  static RevisionPiece read(
      PastEvents past,
      long revision,
      @Nullable Bytes after,
      Predicate<Bytes> wanted,
      int rowsMax,
      long bytesMax) {
    long compactRevision = past.keys().compactRevision();
    List<Event> events = new ArrayList<>();
    if (revision < compactRevision) {
      return new RevisionPiece(events, null, compactRevision);
    }
    Bytes from = after == null ? Layout.revision(revision, 0) : after.next();
    long bytes = 0;
    try (Engine.Cursor rows = past.keys().view().scan(from, Layout.revision(revision + 1, 0))) {
      for (int seen = 1; rows.next(); seen++) {
        Change change = Change.decode(rows.value());
        if (wanted.test(change.key())) {
          Event event = past.of(change, revision);
          events.add(event);
          bytes += EventSize.of(event, past.previous());
        }
        if (seen >= rowsMax || bytes >= bytesMax) {
          return new RevisionPiece(events, rows.key(), compactRevision);
        }
      }
    }
    return new RevisionPiece(events, null, compactRevision);
  }

  /** Whether the revision is not there any more. */
  boolean isForgotten(long revision) {
    return revision < compactRevision;
  }

  /** Whether what was before the revision is not there any more. */
  boolean isBare(long revision) {
    return revision <= compactRevision;
  }
}
