package io.balsa.watch;

import io.balsa.model.Caller;

/**
 * A handle to a {@link WatchStream}. Any thread may call the methods, which return at once. Calls
 * take effect in order. Only the server's watch lane calls the stream's sink.
 */
public interface Watching {
  /** Creates a watch. */
  void create(Caller caller, WatchRequest request);

  /** Refuses a watch for a reason that the owner found. */
  void refuse(WatchAnswer.Refusal reason);

  /** Cancels a watch. */
  void cancel(long watchId);

  /** Asks for a progress notification of the whole stream. */
  void progress();

  /** The sink has room again. */
  void ready();

  /** Runs a task on the watch lane after all earlier calls. */
  void then(Runnable task);

  /** Ends all watches; afterwards the sink is not called any more. */
  void close();
}
