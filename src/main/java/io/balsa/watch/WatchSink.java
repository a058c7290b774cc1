package io.balsa.watch;

/** Takes the answers of one watch stream. Called on the hub's lane. */
public interface WatchSink {
  /** Why a stream ends before its client wants it. */
  enum End {
    /** A large revision was begun and cannot be told to its end; the client may begin again. */
    CUT_SHORT,
    /** A revision is too large for one answer, and may not be told in fragments. */
    TOO_LARGE,
    /** An answer cannot be sent. */
    FAILED
  }

  /**
   * Whether there is room for more. After it said no, {@link WatchStream#ready} is to follow; what
   * happens meanwhile is not kept for the stream but read from the store afterwards.
   */
  boolean isReady();

  /**
   * Takes room for an answer with events, which is sent next. After it said no, {@link
   * WatchStream#ready} is to follow, as after {@link #isReady}.
   *
   * @param bytes what the events take, at most
   */
  default boolean takeRoom(long bytes) {
    return isReady();
  }

  /** Takes an answer; in order, and answers other than events also without room. */
  void send(WatchAnswer answer);

  /**
   * There are no more answers for now: who gathered them sends them on.
   *
   * @param more whether a watch of the stream is behind; otherwise no room need be kept for it
   */
  default void flush(boolean more) {}

  /**
   * The most bytes of events that one answer may have when a revision is told in parts, none of
   * which is a fragment.
   */
  default long wholeBytesMax() {
    return Long.MAX_VALUE;
  }

  /** Nothing more is sent: the client is to be told why. */
  default void end(End why) {}
}
