package io.balsa.proxy;

import io.grpc.Status;

/** A client's call that the {@link Router} may hold until a leader is known. */
interface RoutedCall {
  /** When the call came, by {@link System#nanoTime}. */
  long arrivedNanos();

  /** The bytes that the call holds in memory while it waits. */
  int bytes();

  /** Whether the call has ended, or its client has cancelled it. */
  boolean over();

  /**
   * Whether the call is a stream. The limits for the number and bytes of waiting calls do not count
   * streams.
   */
  default boolean isStream() {
    return false;
  }

  /** Sends the call to a server, now that a leader is known. */
  void dispatch();

  /** Ends the call. */
  void fail(Status status);
}
