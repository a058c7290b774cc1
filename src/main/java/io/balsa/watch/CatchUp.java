package io.balsa.watch;

import io.balsa.kv.StoreReader;

/** A piece of the past that watchers are to be told; read by one lane at a time. */
public interface CatchUp {
  /**
   * Reads it, while the hub's lane goes on.
   *
   * @return what is to be run on the hub's lane then
   */
  Runnable read(StoreReader reader);

  /** Nothing can be read, for the server is at its end; to be called on the hub's lane. */
  void unread();
}
