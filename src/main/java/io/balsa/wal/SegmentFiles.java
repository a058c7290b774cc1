package io.balsa.wal;

import io.balsa.host.Disk;
import io.balsa.host.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The files of the log: segments named by their numbers, and a spare one.
 *
 * <p>A segment is first a file under another name, which is filled with zeros and forced. Then the
 * file is renamed and the directory forced. Only then are records written to it: a crash leaves no
 * file, a file of zeros or a segment. The bytes of a dropped segment are never used again.
 */
final class SegmentFiles {
  private static final String SUFFIX = ".wal";
  private static final String SPARE = "spare";
  private static final String URGENT = "urgent";

  /**
   * The bytes of one write: a page. The kernel keeps the bytes of one write together, and would
   * count a short write into a large piece as a write of the whole piece.
   */
  private static final int PIECE_BYTES = 4096;

  /** How many bytes may be filled with zeros while a write waits. */
  private static final int URGENT_BYTES = 4 << 20;

  private final AtomicReference<@Nullable Blank> spare = new AtomicReference<>();
  private final Disk disk;
  private final String directory;
  private final int segmentBytes;

  SegmentFiles(Disk disk, String directory, int segmentBytes) {
    this.disk = disk;
    this.directory = directory;
    this.segmentBytes = segmentBytes;
  }

  /** A file of zeros, durable under its temporary name. */
  private record Blank(String name, DiskFile file, long bytes) {}

  /** Makes the directory, durably. */
  void makeDirectory() throws IOException {
    disk.createDirectory(directory);
    int slash = directory.lastIndexOf('/');
    disk.forceDirectory(slash < 0 ? "" : directory.substring(0, slash));
  }

  /** The numbers of the segments, ascending. */
  List<Long> numbers() throws IOException {
    return disk.list(directory).stream()
        .filter(name -> name.matches("[0-9a-f]{16}\\" + SUFFIX))
        .map(name -> Long.parseUnsignedLong(name, 0, 16, 16))
        .toList();
  }

  /** Opens a segment that is there. */
  Segment open(long number) throws IOException {
    DiskFile file = disk.open(path(number));
    return new Segment(number, path(number), file, file.size());
  }

  /**
   * Makes a segment from the spare, or a new one if there is none.
   *
   * @param bytes how many bytes must fit
   */
  Segment create(long number, long bytes) throws IOException {
    Blank ready = spare.get();
    boolean fits = ready != null && ready.bytes() >= bytes;
    Blank blank = ready != null && fits ? ready : urgent(bytes);
    disk.rename(in(blank.name()), path(number));
    if (fits) {
      spare.set(null); // only now is its name free for the next one
    }
    forceDirectory();
    return new Segment(number, path(number), blank.file(), blank.bytes());
  }

  boolean hasSpare() {
    return spare.get() != null;
  }

  /** Makes the spare unless there is one. */
  void prepareSpare() throws IOException {
    if (spare.get() == null) {
      spare.set(blank(SPARE, segmentBytes));
    }
  }

  /** Deletes a segment, durably. */
  void delete(long number) throws IOException {
    disk.delete(path(number));
    forceDirectory();
  }

  /**
   * Deletes the files that a crash left under temporary names. After some crashes such a name
   * belongs to a segment.
   */
  void deleteLeftovers() throws IOException {
    disk.delete(in(SPARE));
    disk.delete(in(URGENT));
    forceDirectory();
  }

  /** The file of a segment, as messages name it. */
  String path(long number) {
    return in("%016x".formatted(number) + SUFFIX);
  }

  void close() throws IOException {
    Blank blank = spare.getAndSet(null);
    if (blank != null) {
      blank.file().close();
    }
  }

  private Blank urgent(long bytes) throws IOException {
    return blank(URGENT, Math.max(bytes, Math.min(segmentBytes, URGENT_BYTES)));
  }

  private Blank blank(String name, long bytes) throws IOException {
    DiskFile file = disk.create(in(name));
    try {
      ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(bytes, PIECE_BYTES));
      for (long at = 0; at < bytes; at += zeros.limit()) {
        file.write(at, zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at)));
      }
      file.force();
      return new Blank(name, file, bytes);
    } catch (IOException e) {
      file.close();
      disk.delete(in(name));
      throw e;
    }
  }

  /** Makes all names durable. */
  void forceDirectory() throws IOException {
    disk.forceDirectory(directory);
  }

  private String in(String name) {
    return directory + "/" + name;
  }
}
