package io.balsa.watch;

import io.balsa.bytes.ProtocolLimits;

/**
 * Memory limits for watches at one server. They do not change which events a watcher gets.
 *
 * @param changes the most changes in one read from the store, and the most events of a revision
 *     that is sent as a whole
 * @param pieceBytes one read from the store ends with the revision that reaches this many bytes of
 *     events
 * @param wholeBytes the most bytes of events of a revision that is sent as a whole; a larger one is
 *     sent in parts, unless it has only one event
 * @param partBytes a part of a revision ends with the event that reaches this many bytes
 * @param fragmentBytes the same for a fragment, for watches that asked for fragments
 * @param recentBytes bytes of the newest changes that are kept for watchers a little behind
 * @param waitingBytes bytes of applied changes that may wait for the watch lane
 * @param watchesBytes the most bytes of all watches together: {@link #WATCH_BYTES} and the keys of
 *     each
 */
public record WatchLimits(
    int changes,
    long pieceBytes,
    long wholeBytes,
    long partBytes,
    long fragmentBytes,
    long recentBytes,
    long waitingBytes,
    long watchesBytes) {
  /** The bytes that a watch counts in addition to its keys. */
  public static final int WATCH_BYTES = 640;

  /** The limits for the default heap of 256 MiB. */
  public static final WatchLimits DEFAULT = ofHeap(256L << 20);

  /** The limits for a heap of a given size. */
  public static WatchLimits ofHeap(long bytes) {
    return new WatchLimits(
        10_000,
        1 << 20,
        2 << 20,
        256 << 10,
        ProtocolLimits.REQUEST_BYTES,
        Math.min(2L << 20, bytes / 128),
        Math.min(32L << 20, bytes / 16),
        bytes / 8);
  }
}
