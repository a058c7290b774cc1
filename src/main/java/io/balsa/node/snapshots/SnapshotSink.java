package io.balsa.node.snapshots;

import io.balsa.backups.Checkpoint;
import io.balsa.bytes.Bytes;
import io.balsa.host.Disk;
import io.balsa.host.DiskFile;
import io.balsa.node.storage.StateDirectory;
import io.balsa.raft.Snapshot;
import io.balsa.wire.SnapshotCodec;
import io.balsa.wire.SnapshotManifest;
import io.balsa.wire.SnapshotManifest.Blob;
import io.balsa.wire.WireFailure;
import java.io.IOException;
import java.util.Optional;

/**
 * Stores the bytes of a snapshot as they come: the head in a file of its own, each blob in its
 * file, in the directory that will be the new state. The sizes of the files say how far the
 * transfer is, also after a restart of this server. Checksums say at the end whether the bytes are
 * those that were sent.
 */
public final class SnapshotSink {
  private static final String HEAD = "head";

  private final Disk disk;
  private final String name;
  private final String directory;
  private final String headPath;

  public SnapshotSink(Disk disk, Snapshot snapshot) {
    this.disk = disk;
    this.name = snapshot.index() + "-" + snapshot.term();
    this.directory = StateDirectory.pathOf(name);
    this.headPath = StateDirectory.pathOf(name + StateDirectory.INCOMING + "-" + HEAD);
  }

  private String incoming() {
    return directory + StateDirectory.INCOMING;
  }

  /** The name of the state that the snapshot becomes. */
  public String name() {
    return name;
  }

  /** How many bytes of the snapshot are here. */
  long bytesHere() throws IOException {
    Optional<SnapshotManifest> manifest = manifest();
    if (manifest.isEmpty()) {
      return sizeOf(headPath);
    }
    long bytes = sizeOf(headPath);
    for (Blob blob : manifest.get().blobs()) {
      bytes += sizeOf(incoming() + "/" + blob.name());
    }
    return bytes;
  }

  private Optional<SnapshotManifest> manifest() throws IOException {
    if (sizeOf(headPath) == 0) {
      return Optional.empty();
    }
    try {
      return SnapshotCodec.decodeHead(disk.readWhole(headPath));
    } catch (WireFailure e) {
      forget();
      return Optional.empty();
    }
  }

  private long sizeOf(String path) throws IOException {
    if (!disk.exists(path)) {
      return 0;
    }
    try (DiskFile file = disk.open(path)) {
      return file.size();
    }
  }

  /** Adds bytes behind those that are here. Bytes behind the snapshot's end are left out. */
  public void append(Bytes data) throws IOException {
    Bytes rest = data;
    while (!rest.isEmpty()) {
      Optional<SnapshotManifest> manifest = manifest();
      rest = manifest.isEmpty() ? appendToHead(rest) : appendToBlobs(manifest.get(), rest);
    }
  }

  /** Adds bytes to the head, and returns the rest. Deletes all when they cannot be a head. */
  private Bytes appendToHead(Bytes data) throws IOException {
    long here = sizeOf(headPath);
    try {
      int missing = SnapshotCodec.missingOfHead(here == 0 ? Bytes.EMPTY : disk.readWhole(headPath));
      int taken = Math.min(missing, data.size());
      write(headPath, here, data.slice(0, taken));
      return data.from(taken);
    } catch (WireFailure e) {
      forget();
      return Bytes.EMPTY;
    }
  }

  private Bytes appendToBlobs(SnapshotManifest manifest, Bytes data) throws IOException {
    disk.createDirectory(incoming());
    for (Blob blob : manifest.blobs()) {
      String path = incoming() + "/" + blob.name();
      long here = sizeOf(path);
      if (here < blob.bytes() || !disk.exists(path)) {
        int taken = (int) Math.min(blob.bytes() - here, data.size());
        write(path, here, data.slice(0, taken));
        return data.from(taken);
      }
    }
    return Bytes.EMPTY;
  }

  private void write(String path, long at, Bytes data) throws IOException {
    try (DiskFile file = disk.exists(path) ? disk.open(path) : disk.create(path)) {
      file.write(at, data.buffer());
    }
  }

  /**
   * Durably makes a state of the snapshot, beside the one in force.
   *
   * @return false when the bytes are not those that were sent: they are deleted
   */
  public boolean finish() throws IOException {
    Optional<SnapshotManifest> manifest = manifest();
    if (manifest.isEmpty() || !isWhole(manifest.get())) {
      forget();
      return false;
    }
    disk.forceDirectory(incoming());
    disk.delete(directory);
    disk.rename(incoming(), directory);
    disk.delete(headPath);
    disk.forceDirectory(StateDirectory.ROOT);
    return true;
  }

  private boolean isWhole(SnapshotManifest manifest) throws IOException {
    if (manifest.blobs().isEmpty()) {
      return false; // every store has a file
    }
    for (Blob blob : manifest.blobs()) {
      String path = incoming() + "/" + blob.name();
      if (!disk.exists(path)) {
        return false;
      }
      try (DiskFile file = disk.open(path)) {
        if (file.size() != blob.bytes() || Checkpoint.crcOf(file) != blob.crc()) {
          return false;
        }
        file.force();
      }
    }
    return true;
  }

  /** Deletes the bytes of other snapshots. */
  void forgetOthers() throws IOException {
    for (String other : disk.list(StateDirectory.ROOT)) {
      if (StateDirectory.isIncoming(other) && !other.startsWith(name + StateDirectory.INCOMING)) {
        disk.delete(StateDirectory.pathOf(other));
      }
    }
  }

  /** Deletes the bytes that are here. */
  void forget() throws IOException {
    disk.delete(headPath);
    disk.delete(incoming());
  }
}
