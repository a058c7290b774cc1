package io.balsa.watch;

import io.balsa.model.Event;
import io.balsa.model.KvError;
import java.util.List;

/** An answer on a watch stream. Revisions are those of the response header; 0 for none. */
public sealed interface WatchAnswer {
  /** The watch id of answers for the whole stream, and for a refused watch. */
  long NO_WATCH = -1;

  /** A watch was created; this is its first answer. */
  record Created(long watchId, long revision) implements WatchAnswer {}

  /** A watch was refused. */
  record Refused(Refusal reason, long revision) implements WatchAnswer {}

  /** Events of whole revisions, sent to one watch. */
  record Told(long watchId, Batch batch) implements WatchAnswer {}

  /**
   * Some events of one revision that is too large for one answer. Clients must see all of it or
   * nothing. No other answer of the stream comes between the first and the last part.
   *
   * @param wholeBytes the sum of {@link Batch#bytes} of all parts
   * @param first whether it is the first part
   * @param last whether it is the last one
   */
  record Part(long watchId, Batch batch, long wholeBytes, boolean first, boolean last)
      implements WatchAnswer {}

  /** Progress notification: one watch, or all of the stream, got all events up to a revision. */
  record Progress(long watchId, long revision) implements WatchAnswer {}

  /** The client canceled a watch. */
  record Canceled(long watchId, long revision) implements WatchAnswer {}

  /** The next revision of a watch is compacted: it has ended; a new one may begin after this. */
  record Compacted(long watchId, long compactRevision) implements WatchAnswer {}

  /**
   * The server ended a watch, because its caller may not read its keys any more.
   *
   * @param reason one of those about users
   */
  record Revoked(long watchId, Refusal reason, long revision) implements WatchAnswer {}

  /** Why a watch was refused, or ended. */
  enum Refusal {
    /** The range contains no key. */
    EMPTY_RANGE,
    /** The stream has a watch with this id. */
    DUPLICATE_ID,
    /** The start revision is negative. */
    NEGATIVE_START,
    /** All watches together have reached {@link WatchLimits#watchesBytes}. */
    TOO_MANY,
    /** The caller opens more watches a second than a user may. */
    TOO_FAST,
    /** The watch begins in the past, and the heap is nearly full. */
    HEAP_NEARLY_FULL,
    /** The caller has no identity, and users are in force. */
    NO_USER,
    /** The caller's token is unknown, or has ended. */
    INVALID_TOKEN,
    /** The caller's password has changed since it was let in. */
    OLD_REVISION,
    /** The caller may not read all keys of the range. */
    DENIED;

    static Refusal of(KvError error) {
      return switch (error) {
        case USER_EMPTY -> NO_USER;
        case AUTH_OLD_REVISION -> OLD_REVISION;
        default -> DENIED;
      };
    }
  }

  /**
   * Events of whole revisions, in order. Equal watches share one batch, so that it is encoded once.
   *
   * @param revision the revision of the header
   * @param bytes the size of the events in etcd's {@code WatchResponse}
   * @param prevKv whether events have the previous key-value
   * @param fragment whether the batch may be sent in fragments
   */
  record Batch(long revision, List<Event> events, long bytes, boolean prevKv, boolean fragment) {}
}
