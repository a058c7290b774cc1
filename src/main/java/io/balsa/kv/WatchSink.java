package io.balsa.kv;

/** Takes the answers of one watch stream. Called on the hub's lane. */
public interface WatchSink {
  /**
   * Whether there is room for more. After it said no, {@link WatchStream#ready} is to follow; what
   * happens meanwhile is not kept for the stream but read from the store afterwards.
   */
  boolean isReady();

  /** Takes an answer; in order, and answers other than events also without room. */
  void send(WatchAnswer answer);

  /** There are no more answers for now: who gathered them sends them on. */
  default void flush() {}
}
