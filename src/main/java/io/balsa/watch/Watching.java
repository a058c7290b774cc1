package io.balsa.watch;

/**
 * A client's stream of watches at a server. Every method may be called from any thread and returns
 * at once; what is asked is done in order, and the stream's sink is called on the server's watch
 * lane alone.
 */
public interface Watching {
  /** Begins a watch. */
  void create(WatchRequest request);

  /** Ends a watch. */
  void cancel(long watchId);

  /** Asks how far the stream has been told. */
  void progress();

  /** The sink has room again. */
  void ready();

  /** Runs something on the watch lane after everything asked before. */
  void then(Runnable task);

  /** Ends all watches; the sink is not called any more afterwards. */
  void close();
}
