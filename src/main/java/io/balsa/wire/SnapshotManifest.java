package io.balsa.wire;

import java.util.List;

/**
 * What stands at the head of a snapshot's bytes: the named blobs that follow, in this order,
 * without anything between.
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
