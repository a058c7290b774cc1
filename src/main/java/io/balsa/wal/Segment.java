package io.balsa.wal;

import io.balsa.host.DiskFile;
import io.balsa.raft.Configuration;
import io.balsa.raft.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An open segment. Its file stays open while it is read, also if the segment is dropped meanwhile.
 */
final class Segment {
  private static final int SECTOR_BYTES = 4096;
  private static final byte UNREADABLE = (byte) 0xee;

  private final long number;
  private final String path;
  private final DiskFile file;
  private final long capacity;

  /** Where the next batch begins. */
  private long end;

  private WalRecord.@Nullable Opening opening;
  private boolean overwritten;
  private int users = 1;

  Segment(long number, String path, DiskFile file, long bytes) {
    this.number = number;
    this.path = path;
    this.file = file;
    this.capacity = bytes & -RecordFormat.ALIGNMENT;
  }

  long number() {
    return number;
  }

  /** The file, as messages name it. */
  String path() {
    return path;
  }

  DiskFile file() {
    return file;
  }

  /** The offset up to which records may go. */
  long capacity() {
    return capacity;
  }

  long end() {
    return end;
  }

  boolean hasRoomFor(long bytes) {
    return bytes <= capacity - end;
  }

  void endAt(long offset) {
    end = offset;
  }

  void opened(WalRecord.Opening record) {
    opening = record;
  }

  /** The end of the log before this segment. */
  LogPosition before() {
    return opening().before();
  }

  /** The configuration in force at {@link #before}. */
  Configuration configurationBefore() {
    return opening().configuration();
  }

  private WalRecord.Opening opening() {
    return Objects.requireNonNull(opening, "a segment in use has its first record");
  }

  /**
   * Notes that an entry at this index was written here or later. If the log before this segment was
   * longer, the end that the first record names is no longer part of the log.
   */
  void wrote(long index) {
    overwritten |= index <= before().index();
  }

  /** Whether the log may begin here once the segments before are dropped. */
  boolean canBeFirst() {
    return !overwritten;
  }

  /**
   * Reads from an offset on until the buffer is full or the file ends. Sectors that the disk cannot
   * read are filled with bytes that are neither a record nor zeros.
   */
  int read(long offset, ByteBuffer target) throws IOException {
    int start = target.position();
    try {
      return file.read(offset, target);
    } catch (IOException _) {
      target.position(start);
      return readBySector(offset, target);
    }
  }

  private int readBySector(long offset, ByteBuffer target) throws IOException {
    int start = target.position();
    int wanted = (int) Math.min(target.remaining(), file.size() - offset);
    while (target.position() - start < wanted) {
      long at = offset + target.position() - start;
      int piece = (int) Math.min(SECTOR_BYTES - at % SECTOR_BYTES, offset + wanted - at);
      ByteBuffer sector = ByteBuffer.allocate(piece);
      try {
        int _ = file.read(at, sector);
      } catch (IOException _) {
        Arrays.fill(sector.array(), UNREADABLE);
      }
      target.put(sector.array());
    }
    return Math.max(wanted, 0);
  }

  /** Keeps the file open until {@link #release}; false when it is closed. */
  synchronized boolean retain() {
    if (users > 0) {
      users++;
      return true;
    }
    return false;
  }

  synchronized void release() throws IOException {
    users--;
    if (users == 0) {
      file.close();
    }
  }
}
