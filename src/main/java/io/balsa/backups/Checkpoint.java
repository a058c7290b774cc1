package io.balsa.backups;

import io.balsa.bytes.Bytes;
import io.balsa.host.Disk;
import io.balsa.host.DiskFile;
import io.balsa.raft.Snapshot;
import io.balsa.wire.SnapshotCodec;
import io.balsa.wire.SnapshotManifest;
import io.balsa.wire.SnapshotManifest.Blob;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A checkpoint of the state, read as one sequence of bytes: a head, then the blobs. A blob is a
 * file of the checkpoint. The manifest lists the name, size and checksum of every blob; the head is
 * its encoded form. A checkpoint never changes, so a transfer can go on at any offset.
 */
public final class Checkpoint {
  private static final int COPY_BYTES = 1 << 20;

  private final Disk disk;
  private final String directory;
  private final Snapshot snapshot;
  private final Bytes head;
  private final SnapshotManifest manifest;

  private Checkpoint(
      Disk disk, String directory, Snapshot snapshot, Bytes head, SnapshotManifest manifest) {
    this.disk = disk;
    this.directory = directory;
    this.snapshot = snapshot;
    this.head = head;
    this.manifest = manifest;
  }

  /** Reads the files of a checkpoint once to compute their checksums. */
  public static Checkpoint of(Disk disk, String directory, Snapshot snapshot) throws IOException {
    List<Blob> blobs = new ArrayList<>();
    for (String name : disk.list(directory)) {
      try (DiskFile file = disk.open(directory + "/" + name)) {
        blobs.add(new Blob(name, file.size(), crcOf(file)));
      }
    }
    SnapshotManifest manifest = new SnapshotManifest(List.copyOf(blobs));
    return new Checkpoint(disk, directory, snapshot, SnapshotCodec.encodeHead(manifest), manifest);
  }

  public static int crcOf(DiskFile file) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] copy = new byte[COPY_BYTES];
    long at = 0;
    for (int read = file.read(0, ByteBuffer.wrap(copy)); read > 0; ) {
      crc.update(copy, 0, read);
      at += read;
      read = file.read(at, ByteBuffer.wrap(copy));
    }
    return (int) crc.getValue();
  }

  public Snapshot snapshot() {
    return snapshot;
  }

  public String directory() {
    return directory;
  }

  public long bytes() {
    return head.size() + manifest.bytes();
  }

  /**
   * The bytes from an offset on, at most so many; fewer only at the end of the head or of a blob.
   */
  public Bytes read(long offset, int bytesMax) throws IOException {
    if (offset < head.size()) {
      int from = (int) offset;
      return head.slice(from, Math.min(head.size(), from + bytesMax));
    }
    long blobStart = head.size();
    for (Blob blob : manifest.blobs()) {
      if (offset < blobStart + blob.bytes()) {
        return read(blob, offset - blobStart, bytesMax);
      }
      blobStart += blob.bytes();
    }
    return Bytes.EMPTY;
  }

  private Bytes read(Blob blob, long at, int bytesMax) throws IOException {
    String path = directory + "/" + blob.name();
    try (DiskFile file = disk.open(path)) {
      return file.readExactly(at, (int) Math.min(bytesMax, blob.bytes() - at));
    } catch (EOFException e) {
      throw new IOException(path + " is shorter than it was", e);
    }
  }
}
