package io.balsa.backups;

import io.balsa.bytes.Bytes;
import io.balsa.host.Disk;
import io.balsa.host.DiskTrouble;
import io.balsa.host.Lane;
import io.balsa.wire.BackupCodec;
import io.balsa.wire.BackupHead;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A backup that is ready to be read: the unchanging state of one moment, with which a new cluster
 * can begin. It is a head, the state in the form of a snapshot, and zeros up to a multiple of
 * {@link #UNIT_BYTES}. The sender appends the SHA-256 of all of it, as etcd does.
 */
public final class Backup {
  /**
   * A backup's length is a multiple of this. etcd's clients take 32 bytes beyond a multiple for the
   * digest, and a file without them for a truncated one.
   */
  public static final int UNIT_BYTES = 512;

  private final Lane lane;
  private final Disk disk;
  private final Checkpoint checkpoint;
  private final Bytes head;
  private final long bytes;

  public Backup(Lane lane, Disk disk, Checkpoint checkpoint, BackupHead head) {
    this.lane = lane;
    this.disk = disk;
    this.checkpoint = checkpoint;
    this.head = BackupCodec.encode(head);
    this.bytes = paddedBytes(this.head.size() + checkpoint.bytes());
  }

  /** The length of so many bytes with the zeros after them. */
  static long paddedBytes(long bytes) {
    return (bytes + UNIT_BYTES - 1) / UNIT_BYTES * UNIT_BYTES;
  }

  /** Its length, a multiple of {@link #UNIT_BYTES}. */
  public long bytes() {
    return bytes;
  }

  /**
   * Reads some of it, off the caller's thread.
   *
   * @param offset less than {@link #bytes}
   * @param done gets at least one byte and at most so many
   * @param failed gets one line when the disk fails
   */
  public void read(long offset, int bytesMax, Consumer<Bytes> done, Consumer<String> failed) {
    lane.run(
        () -> {
          try {
            done.accept(read(offset, bytesMax));
          } catch (IOException e) {
            failed.accept("the backup cannot be read: " + DiskTrouble.words(e));
          }
        });
  }

  private Bytes read(long offset, int bytesMax) throws IOException {
    if (offset < head.size()) {
      return head.slice((int) offset, (int) Math.min(head.size(), offset + bytesMax));
    }
    Bytes state = checkpoint.read(offset - head.size(), bytesMax);
    return state.isEmpty() ? Bytes.wrap(new byte[(int) Math.min(bytesMax, bytes - offset)]) : state;
  }

  /** Deletes its files; it is not read afterwards. */
  public void close() {
    lane.run(
        () -> {
          try {
            disk.delete(checkpoint.directory());
          } catch (IOException _) {
            // the next start deletes it
            return;
          }
        });
  }
}
