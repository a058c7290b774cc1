package io.balsa.watch;

import io.balsa.model.Event;
import java.util.List;

/** What a watch stream tells its client. Every revision in it is the header's, 0 for none. */
public sealed interface WatchAnswer {
  /** The id that stands for the stream as a whole, and for a watch that was refused. */
  long NO_WATCH = -1;

  /** A watch is there; nothing about it comes before. */
  record Created(long watchId, long revision) implements WatchAnswer {}

  /** A watch is refused. */
  record Refused(Refusal reason, long revision) implements WatchAnswer {}

  /** Something happened. */
  record Told(long watchId, Batch batch) implements WatchAnswer {}

  /**
   * Some of what happened at one revision that is too large to be told at once. Clients are to see
   * all of it or none. No other answer of the stream comes between the first and the last part.
   *
   * @param wholeBytes what {@link Batch#bytes} of all parts come to
   * @param first whether it is the first part
   * @param last whether it is the last one
   */
  record Part(long watchId, Batch batch, long wholeBytes, boolean first, boolean last)
      implements WatchAnswer {}

  /** Everything up to the revision has been told: to one watch, or to all of the stream. */
  record Progress(long watchId, long revision) implements WatchAnswer {}

  /** The client ended a watch. */
  record Canceled(long watchId, long revision) implements WatchAnswer {}

  /** What a watch wants next is forgotten; it has ended, and may begin again at the revision. */
  record Compacted(long watchId, long compactRevision) implements WatchAnswer {}

  /** Why a watch is refused. */
  enum Refusal {
    /** No key can be in the range. */
    EMPTY_RANGE,
    /** The stream has a watch of that id. */
    DUPLICATE_ID,
    /** It is to start before the first revision. */
    NEGATIVE_START,
    /** All watches together take as much as they may. */
    TOO_MANY
  }

  /**
   * Events of whole revisions, in order. One batch goes to every watch that wants the same, so that
   * it need be encoded once.
   *
   * @param revision the header's
   * @param bytes what the events take in etcd's {@code WatchResponse}
   * @param prevKv whether to tell what was there before
   * @param fragment whether it may be sent in parts
   */
  record Batch(long revision, List<Event> events, long bytes, boolean prevKv, boolean fragment) {}
}
