package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Recovered;
import java.util.Arrays;

/** The durable content of a server's log, followed force by force. */
final class DurableLog implements SimDisk.Forced {
  private static final int FIRST_ROOM = 256;

  private final World world;
  private final DiskFaults faults;
  private long term;
  private long votedFor;
  private long start;
  private long last;
  private long[] terms = new long[FIRST_ROOM];

  DurableLog(World world, DiskFaults faults) {
    this.world = world;
    this.faults = faults;
  }

  long term() {
    return term;
  }

  long votedFor() {
    return votedFor;
  }

  /** The index of the last entry. */
  long last() {
    return last;
  }

  /** The index at which the log starts, after a snapshot; it has no earlier entries. */
  long start() {
    return start;
  }

  /** The term of an entry from the start on. */
  long termAt(long index) {
    return terms[(int) index];
  }

  /** The newest entry of a term before another; the start when there is none. */
  LogPosition lastBefore(long otherTerm) {
    long index = last;
    while (index > start && terms[(int) index] >= otherTerm) {
      index--;
    }
    return new LogPosition(index, terms[(int) index]);
  }

  /** Whether the log has an entry, or had it before it was compacted. */
  boolean holds(LogPosition position) {
    return position.index() <= start
        || (position.index() <= last && terms[(int) position.index()] == position.term());
  }

  @Override
  public void logged(int offset, Bytes data) {
    LogRecords.read(data, 0, this::take);
  }

  private void take(LogRecords.Found record) {
    switch (record.kind()) {
      case LogRecords.STATE -> {
        term = record.term();
        votedFor = record.index();
      }
      case LogRecords.APPEND -> append(record.index(), record.term());
      case LogRecords.RESET -> {
        world.marks().hit(Mark.LOG_STARTS_ANEW);
        holdReset(record.index(), record.term());
        put(record.index(), record.term());
        start = record.index();
        last = record.index();
      }
      default -> {}
    }
  }

  /** A log with a snapshot's last entry keeps the entries after it (thesis figure 5.3, step 6). */
  private void holdReset(long index, long entryTerm) {
    boolean here = index > start && index <= last && terms[(int) index] == entryTerm;
    world.expect(
        !here || faults.isDamaged(),
        () -> "a log up to " + last + " starts anew after its own entry " + index);
  }

  private void append(long index, long entryTerm) {
    if (index <= last && terms[(int) index] != entryTerm) {
      world.marks().hit(Mark.FOLLOWER_OVERWRITES);
    }
    put(index, entryTerm);
    last = index;
  }

  private void put(long index, long entryTerm) {
    if (index >= terms.length) {
      terms = Arrays.copyOf(terms, (int) Math.max(index + 1, 2L * terms.length));
    }
    terms[(int) index] = entryTerm;
  }

  /** Begins with the log that a recovery found. */
  void begin(Recovered recovered) {
    term = recovered.term();
    votedFor = recovered.votedFor();
    start = recovered.start().index();
    last = recovered.last().index();
    put(start, recovered.start().term());
    for (int run = 0; run < recovered.terms().size(); run++) {
      LogPosition first = recovered.terms().get(run);
      boolean newest = run == recovered.terms().size() - 1;
      long end = newest ? last : recovered.terms().get(run + 1).index() - 1;
      for (long index = first.index(); index <= end; index++) {
        put(index, first.term());
      }
    }
  }

  /** A new disk. */
  void forget() {
    term = 0;
    votedFor = 0;
    start = 0;
    last = 0;
  }
}
