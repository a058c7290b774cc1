package io.balsa.wal;

/**
 * The log's bounds.
 *
 * @param segmentBytes the length of a segment, at least 4,096; a batch that is larger gets a
 *     segment of its own
 * @param recentBytes how much of the newest entries recovery hands over in memory, counted as
 *     {@link io.balsa.raft.Entry#bytes}
 */
public record WalConfig(int segmentBytes, long recentBytes) {
  /** Segments of 64 MiB; the newest 16 MiB in memory. */
  public static final WalConfig DEFAULT = new WalConfig(64 << 20, 16 << 20);

  /** The smallest segment. */
  public static final int SEGMENT_BYTES_MIN = 4096;

  /** Refuses segments that are too small. */
  public WalConfig {
    if (segmentBytes < SEGMENT_BYTES_MIN) {
      throw new IllegalArgumentException(
          "a log segment of %d bytes is too small: take at least %d"
              .formatted(segmentBytes, SEGMENT_BYTES_MIN));
    }
  }
}
