package io.balsa.watch;

import io.balsa.kv.StoreReader;

/** One read from the store for watchers that are behind; one lane at a time runs it. */
public interface CatchUp {
  /**
   * Reads from the store, while the hub's lane works on.
   *
   * @return a task for the hub's lane, which sends what was read
   */
  Runnable read(StoreReader reader);

  /** Call this on the hub's lane when nothing can be read, because the server is stopping. */
  void unread();
}
