package io.balsa.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * A file's content as the process sees it, and as the disk has it for certain. Between the two lie
 * changes, each made at a time and durable at a time.
 */
final class SimFile implements SimNode {
  /** Bytes written at a place, which may make the file longer, or its new length. */
  private static final class Change {
    final long at;
    final int offset;
    final byte[] data;
    final int size;
    long durableAt = Long.MAX_VALUE;

    Change(long at, int offset, byte[] data, int size) {
      this.at = at;
      this.offset = offset;
      this.data = data;
      this.size = size;
    }
  }

  private byte[] seen = {};
  private int size;
  private byte[] durable = {};
  private int durableSize;
  private List<Change> changes = new ArrayList<>();

  int size() {
    return size;
  }

  /** Copies from a position on as much as there is and fits; gives how much. */
  int read(int position, byte[] target) {
    int count = Math.max(0, Math.min(target.length, size - position));
    System.arraycopy(seen, Math.min(position, size), target, 0, count);
    return count;
  }

  void write(long at, int offset, byte[] data) {
    fold(at);
    size = Math.max(size, offset + data.length);
    seen = longEnough(seen, size);
    System.arraycopy(data, 0, seen, offset, data.length);
    changes.add(new Change(at, offset, data, size));
  }

  void truncate(long at, int to) {
    fold(at);
    int from = Math.min(to, size);
    byte[] zeros = new byte[size - from];
    Arrays.fill(seen, from, size, (byte) 0);
    size = to;
    seen = longEnough(seen, size);
    changes.add(new Change(at, from, zeros, to));
  }

  /** Everything changed so far is durable from a time on. */
  void force(long durableAt) {
    for (Change change : changes) {
      change.durableAt = Math.min(change.durableAt, durableAt);
    }
  }

  /** Moves what is durable by now out of the changes. */
  private void fold(long now) {
    int folded = 0;
    while (folded < changes.size() && changes.get(folded).durableAt <= now) {
      Change change = changes.get(folded++);
      durable = longEnough(durable, Math.max(change.size, change.offset + change.data.length));
      System.arraycopy(change.data, 0, durable, change.offset, change.data.length);
      durableSize = change.size;
    }
    if (folded > 0) {
      changes = new ArrayList<>(changes.subList(folded, changes.size()));
    }
  }

  @Override
  public void crash(long at, Survival survival, int sectorBytes, SimDice dice) {
    fold(at);
    List<Change> made = changes.stream().filter(change -> change.at <= at).toList();
    int lengths = survival.prefix(made.size(), dice);
    int newSize = lengths == 0 ? durableSize : made.get(lengths - 1).size;
    keepSectors(made, survival, sectorBytes, dice);
    durable = Arrays.copyOf(longEnough(durable, newSize), newSize);
    durableSize = newSize;
    seen = durable.clone();
    size = newSize;
    changes = new ArrayList<>();
  }

  /** A sector is written back whole, with everything that was written into it until then. */
  private void keepSectors(List<Change> made, Survival survival, int sectorBytes, SimDice dice) {
    TreeMap<Integer, List<Change>> sectors = new TreeMap<>();
    for (Change change : made) {
      int end = change.offset + change.data.length;
      for (int sector = change.offset / sectorBytes; sector * sectorBytes < end; sector++) {
        sectors.computeIfAbsent(sector, _ -> new ArrayList<>()).add(change);
      }
    }
    for (var sector : sectors.entrySet()) {
      int from = sector.getKey() * sectorBytes;
      int kept = survival.prefix(sector.getValue().size(), dice);
      sector.getValue().subList(0, kept).forEach(change -> keep(change, from, from + sectorBytes));
    }
  }

  private void keep(Change change, int sectorFrom, int sectorTo) {
    int from = Math.max(sectorFrom, change.offset);
    int to = Math.min(sectorTo, change.offset + change.data.length);
    durable = longEnough(durable, to);
    System.arraycopy(change.data, from - change.offset, durable, from, to - from);
  }

  /** Room for a size; what lies behind a file's size is always zero. */
  private static byte[] longEnough(byte[] bytes, int size) {
    return bytes.length >= size
        ? bytes
        : Arrays.copyOf(bytes, Math.max(size, Math.min(2 * bytes.length, 1 << 20)));
  }

  /** The content that a crash at a time would leave at the least. */
  @Override
  public SimFile durableCopy(long at) {
    SimFile copy = new SimFile();
    fold(at);
    copy.durable = Arrays.copyOf(durable, durableSize);
    copy.durableSize = durableSize;
    copy.seen = copy.durable.clone();
    copy.size = durableSize;
    return copy;
  }
}
