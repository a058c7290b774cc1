package io.balsa.watch;

import io.balsa.model.Caller;
import io.balsa.model.Span;
import org.jspecify.annotations.Nullable;

/** Takes the answers of one watch stream. Called on the hub's lane. */
public interface WatchSink {
  /** Why the server ends a stream. */
  enum End {
    /** Some parts of a large revision were sent, and the rest cannot be; the client may retry. */
    CUT_SHORT,
    /** A revision is too large for one answer, and the watch did not ask for fragments. */
    TOO_LARGE,
    /** An answer could not be sent. */
    FAILED
  }

  /**
   * Whether there is room for more. After false, the owner calls {@link WatchStream#ready} when
   * there is. The hub keeps no events for the stream meanwhile, but reads them from the store
   * later.
   */
  boolean isReady();

  /**
   * Takes room for an answer with events, which is sent next. After false, the owner calls {@link
   * WatchStream#ready} later, as after {@link #isReady}.
   *
   * @param bytes the largest size of the events
   */
  default boolean takeRoom(long bytes) {
    return isReady();
  }

  /**
   * A watch was judged: when it was created, or later when users or roles had changed and it must
   * end. Called before the answer.
   *
   * @param denial why the caller may not read the keys; null when it may
   */
  default void judged(Caller caller, Span span, WatchAnswer.@Nullable Refusal denial) {}

  /** Takes the next answer. Answers without events may come without room. */
  void send(WatchAnswer answer);

  /**
   * There are no more answers for now; a sink that gathers answers sends them.
   *
   * @param more whether a watch of the stream is behind, so that the sink should keep its room
   */
  default void flush(boolean more) {}

  /**
   * The most bytes of events in one answer whose revision is sent in parts that are no fragments.
   */
  default long messageBytesMax() {
    return Long.MAX_VALUE;
  }

  /** The stream ends; the sink tells the client why. */
  default void end(End why) {}
}
