package io.balsa.wire;

import java.util.List;

/**
 * The head of a snapshot: the named blobs that follow it, in this order, with nothing between them.
 *
 * @param blobs the blobs
 */
public record SnapshotManifest(List<Blob> blobs) {
  /**
   * One blob.
   *
   * @param name its file name
   * @param bytes its length
   * @param crc the CRC32C of its bytes
   */
  public record Blob(String name, long bytes, int crc) {}

  /** The length of all blobs together. */
  public long bytes() {
    return blobs.stream().mapToLong(Blob::bytes).sum();
  }
}
