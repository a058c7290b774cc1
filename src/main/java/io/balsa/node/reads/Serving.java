package io.balsa.node.reads;

import io.balsa.kv.Reading;

/** A read that is being served, or waits in the midst of it. Owned by a read lane. */
final class Serving {
  private final Read read;
  private final OpenView view;
  private final Reading<?> reading;

  private long taken;

  /** Its number in the order in which reads came. */
  private final long number;

  /** Steps taken when it began for the last time. */
  private long stepsBefore;

  private int restarts;

  /** Begins a read in a view, of which it becomes a user. */
  Serving(Read read, OpenView view, long number) {
    this.read = read;
    this.number = number;
    this.reading = read.begin(view.reader());
    this.view = view.enter();
  }

  Read read() {
    return read;
  }

  Reading<?> reading() {
    return reading;
  }

  /** Room taken for its answer, in bytes. */
  long taken() {
    return taken;
  }

  /** Bytes that it holds without room for them. */
  long holds() {
    return taken == 0 ? reading.bytesHeld() : 0;
  }

  int restarts() {
    return restarts;
  }

  /** Begins again: there is room for so many bytes. */
  void again(long room) {
    taken = room;
    restarts++;
    stepsBefore = reading.steps();
    reading.again(room);
  }

  long number() {
    return number;
  }

  /**
   * How long it is, as far as that is known: 0, and 1 more for each power of 16 over 4,096 steps.
   * Were it the exact number of steps, reads of one length would all end at the same late moment.
   * One that has room begins at 0 again: others wait for that room. This server's own are below
   * all.
   */
  int level() {
    if (read.isOwn()) {
      return -1;
    }
    long slices = (reading.steps() - stepsBefore) / Slices.SLICE_STEPS;
    return (Long.SIZE - Long.numberOfLeadingZeros(slices) + 3) / 4;
  }

  /** Uses nothing any more. */
  void end() {
    reading.pause();
    view.leave();
  }
}
