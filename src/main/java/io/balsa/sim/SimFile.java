package io.balsa.sim;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A file's content as the process sees it, its durable content, and the unforced changes between
 * the two.
 */
final class SimFile implements SimNode {
  /** Bytes written at an offset, and the file's length after the write. */
  private record Change(int offset, Bytes data, int size) {
    int end() {
      return offset + data.size();
    }
  }

  private byte[] seen = {};
  private int size;
  private byte[] durable = {};
  private int durableSize;
  private final List<Change> changes = new ArrayList<>();
  private CrashPoint.Place place = CrashPoint.Place.DIRECTORY;

  int size() {
    return size;
  }

  /** Copies as many bytes from a position on as exist and fit; returns their number. */
  int read(int position, byte[] target) {
    int count = Math.max(0, Math.min(target.length, size - position));
    System.arraycopy(seen, Math.min(position, size), target, 0, count);
    return count;
  }

  void write(int offset, Bytes data) {
    size = Math.max(size, offset + data.size());
    seen = longEnough(seen, size);
    data.copyTo(seen, offset);
    changes.add(new Change(offset, data, size));
  }

  void truncate(int to) {
    int from = Math.min(to, size);
    Bytes zeros = Bytes.wrap(new byte[size - from]);
    zeros.copyTo(seen, from);
    size = to;
    seen = longEnough(seen, size);
    changes.add(new Change(from, zeros, to));
  }

  /**
   * Makes all changes so far durable.
   *
   * @param each gets every write that was not durable, with its offset, in order
   */
  void force(BiConsumer<Integer, Bytes> each) {
    for (Change change : changes) {
      durable = longEnough(durable, Math.max(change.size, change.end()));
      change.data.copyTo(durable, change.offset);
      durableSize = change.size;
    }
    List<Change> forced = List.copyOf(changes);
    changes.clear();
    forced.forEach(change -> each.accept(change.offset, change.data));
  }

  /**
   * Unforced changes never become durable, although the process still sees them. File systems
   * behave so that mark pages as clean after a failed write.
   */
  void forget() {
    changes.clear();
  }

  /** The kind of the file. */
  CrashPoint.Place place() {
    return place;
  }

  void place(CrashPoint.Place now) {
    place = now;
  }

  /** The durable content. */
  Bytes durable() {
    return Bytes.wrap(Arrays.copyOf(durable, durableSize));
  }

  /** Changes durable bytes. */
  void damage(int offset, Bytes data) {
    data.copyTo(durable, offset);
    if (offset + data.size() <= size) {
      data.copyTo(seen, offset);
    }
  }

  @Override
  public void crash(Crash crash) {
    int lengths = crash.survival().prefix(changes.size(), crash.dice());
    int newSize = lengths == 0 ? durableSize : changes.get(lengths - 1).size;
    int kept = keepSectors(crash);
    note(crash.marks(), newSize, kept);
    durable = Arrays.copyOf(longEnough(durable, newSize), newSize);
    durableSize = newSize;
    seen = durable.clone();
    size = newSize;
    changes.clear();
  }

  private void note(Coverage marks, int newSize, int kept) {
    int written = changes.stream().mapToInt(change -> change.data.size()).sum();
    if (kept < written) {
      marks.hit(kept == 0 ? Mark.UNFORCED_WRITE_LOST : Mark.TORN_SECTORS);
    }
    if (newSize > durableSize && kept < newSize - durableSize) {
      marks.hit(Mark.LENGTH_WITHOUT_BYTES);
    }
  }

  /**
   * A sector is written back whole, with everything that was written into it until then.
   *
   * @return how many bytes of the changes are there afterwards
   */
  private int keepSectors(Crash crash) {
    int sectorBytes = crash.sectorBytes();
    TreeMap<Integer, List<Change>> sectors = new TreeMap<>();
    for (Change change : changes) {
      for (int s = change.offset / sectorBytes; s * sectorBytes < change.end(); s++) {
        sectors.computeIfAbsent(s, _ -> new ArrayList<>()).add(change);
      }
    }
    int bytes = 0;
    for (var sector : sectors.entrySet()) {
      int from = sector.getKey() * sectorBytes;
      int kept = crash.survival().prefix(sector.getValue().size(), crash.dice());
      for (Change change : sector.getValue().subList(0, kept)) {
        bytes += keep(change, from, from + sectorBytes);
      }
    }
    return bytes;
  }

  private int keep(Change change, int sectorFrom, int sectorTo) {
    int from = Math.max(sectorFrom, change.offset);
    int to = Math.min(sectorTo, change.end());
    durable = longEnough(durable, to);
    change.data.slice(from - change.offset, to - change.offset).copyTo(durable, from);
    return to - from;
  }

  /** An array with room for a size; bytes after a file's size are always zero. */
  private static byte[] longEnough(byte[] bytes, int size) {
    return bytes.length >= size
        ? bytes
        : Arrays.copyOf(bytes, Math.max(size, Math.min(2 * bytes.length, 1 << 20)));
  }

  @Override
  public SimFile durableCopy() {
    SimFile copy = new SimFile();
    copy.durable = Arrays.copyOf(durable, durableSize);
    copy.durableSize = durableSize;
    copy.seen = copy.durable.clone();
    copy.size = durableSize;
    copy.place = place;
    return copy;
  }
}
