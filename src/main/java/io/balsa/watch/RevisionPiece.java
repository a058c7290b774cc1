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
 * Some events of one revision that is too large to be read at once. If a revision changed a key
 * several times, which no request does, each change gives an event.
 *
 * @param after the row after which the next piece begins; null for the last piece
 * @param compactRevision the compact revision of the store that was read; nothing was read when it
 *     is greater than the revision
 */
record RevisionPiece(List<Event> events, @Nullable Bytes after, long compactRevision) {
  /**
   * Reads a piece.
   *
   * @param after the {@link #after} of the last piece; null for the first one
   * @param rowsMax the most changes that are read
   * @param bytesMax the piece ends with the event that reaches this size, as {@link EventSize}
   *     counts
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

  /** Whether the revision is compacted. */
  boolean isForgotten(long revision) {
    return revision < compactRevision;
  }

  /** Whether the state before the revision is compacted, so that events lack previous values. */
  boolean isBare(long revision) {
    return revision <= compactRevision;
  }
}
