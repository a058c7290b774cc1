package io.balsa.node;

import io.balsa.kv.Reading;

/** A read that is being served, or waits in the midst of it. Owned by a read lane. */
final class Serving {
  private final Read read;
  private final OpenView view;
  private final Reading<?> reading;

  private long taken;

  /** When it came, among those that took as many steps. */
  private long sequence;

  private int restarts;

  /** Begins a read in a view, of which it becomes a user. */
  Serving(Read read, OpenView view) {
    this.read = read;
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
    reading.again(room);
  }

  long sequence() {
    return sequence;
  }

  void sequence(long number) {
    sequence = number;
  }

  /** Uses nothing any more. */
  void end() {
    reading.pause();
    view.leave();
  }
}
