package io.balsa.watch;

import io.balsa.bytes.ProtocolLimits;

/**
 * What watching may hold in memory, at one server. Nothing of it changes what a watch is told.
 *
 * @param changes the most changes that are read of the past at once, and the most events of a
 *     revision that is told whole
 * @param pieceBytes what is read of the past at once ends with the revision that reaches so many
 *     bytes of events
 * @param wholeBytes the most bytes of events of a revision that is told whole; a larger one is told
 *     in parts, unless it has one event alone
 * @param partBytes a part of a message ends with the event that reaches so many bytes
 * @param fragmentBytes the same of a fragment, for watches that asked for them
 * @param recentBytes bytes of the newest changes that are kept for those who are a little behind
 * @param waitingBytes bytes of changes that may wait to be told
 * @param watchesBytes the most bytes that all watches may take: {@link #WATCH_BYTES} and the keys
 *     of each
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
  /** What a watch takes beside its keys. */
  public static final int WATCH_BYTES = 640;

  /** Those of a server with the default heap. */
  public static final WatchLimits DEFAULT = ofHeap(256L << 20);

  /** Those of a server with so many bytes of heap. */
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
