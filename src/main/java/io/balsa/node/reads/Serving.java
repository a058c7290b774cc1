package io.balsa.node.reads;

import io.balsa.kv.Reading;

/** A read that is being served, or that is interrupted. Owned by a read lane. */
final class Serving {
  private final Read read;
  private final OpenView view;
  private final Reading<?> reading;

  private long taken;

  /** Its number in the order in which reads came. */
  private final long number;

  /** The steps that were taken when it last began. */
  private long stepsBefore;

  private int restarts;

  /** Begins a read in a view, and becomes a user of the view. */
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

  /** Bytes of its answer that it holds without room for them. */
  long holds() {
    return taken == 0 ? reading.bytesHeld() : 0;
  }

  int restarts() {
    return restarts;
  }

  /** Begins again with room for so many bytes. */
  void again(long room) {
    taken = room;
    restarts++;
    stepsBefore = reading.steps();
    reading.beginAgain(room);
  }

  long number() {
    return number;
  }

  /**
   * How long the read is, as far as that is known: 0, and 1 more for each power of 16 over 4,096
   * steps. With the exact number of steps, reads of one length would all end at the same late
   * moment. A read that got room begins at 0 again, because others wait for that room. This
   * server's own reads are at -1.
   */
  int level() {
    if (read.isOwn()) {
      return -1;
    }
    long slices = (reading.steps() - stepsBefore) / Slices.SLICE_STEPS;
    return (Long.SIZE - Long.numberOfLeadingZeros(slices) + 3) / 4;
  }

  /** Gives up what it holds of the store, and leaves its view. */
  void end() {
    reading.pause();
    view.leave();
  }
}
