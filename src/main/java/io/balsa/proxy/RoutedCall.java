package io.balsa.proxy;

import io.grpc.Status;

/** A client's call on its way through the proxy, as the {@link Router} sees it. */
interface RoutedCall {
  /** When it came, by {@link System#nanoTime}. */
  long arrivedNanos();

  /** What it holds in memory while it waits. */
  int bytes();

  /** Whether it has ended, or its client has gone. */
  boolean over();

  /** Whether it is a stream that may wait as long as it takes. */
  default boolean isStream() {
    return false;
  }

  /** Sends it on, now that more is known. */
  void dispatch();

  /** Ends it. */
  void fail(Status status);
}
