package io.balsa.node.reads;

import io.balsa.kv.Reading;
import io.balsa.kv.StoreReader;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A read that {@link ReadDesk} counts from its arrival until its client is told. */
abstract class OpenRead<T> extends Read {
  private final long bytes;
  private final Function<StoreReader, Reading<T>> begin;
  private @Nullable Reading<T> reading;

  /** The count that contains it; null while it is not counted. */
  private @Nullable OpenReads counted;

  /**
   * A read that waits.
   *
   * @param bytes the memory that its request takes
   * @param begin begins to read
   */
  OpenRead(
      Kind kind,
      long deadlineNanos,
      AnswerRoom room,
      long bytes,
      Function<StoreReader, Reading<T>> begin) {
    super(kind, deadlineNanos, room);
    this.bytes = bytes;
    this.begin = begin;
  }

  /** Tells the client the answer. */
  abstract void tell(T answer);

  /** Tells the client that there is no answer. */
  abstract void refuse(Outcome.Failure failure);

  /** Adds 1 when the read is counted from now on, -1 when it is not counted any more. */
  void count(int more) {}

  final long bytes() {
    return bytes;
  }

  /** The read is open from now on. */
  final void enter(OpenReads open) {
    counted = open;
    count(1);
    open.enter(this);
  }

  private void leave() {
    OpenReads open = counted;
    if (open != null) {
      counted = null;
      count(-1);
      open.leave(this);
    }
  }

  @Override
  final Reading<?> begin(StoreReader reader) {
    Reading<T> begun = begin.apply(reader);
    reading = begun;
    return begun;
  }

  @Override
  final void answer() {
    leave();
    Reading<T> done = Objects.requireNonNull(reading, "a read is answered after it began");
    reading = null; // the lane holds all reads of a batch until the last is answered
    tell(done.answer());
  }

  @Override
  final void failed(Outcome.Failure failure) {
    leave();
    reading = null;
    refuse(failure);
  }
}
