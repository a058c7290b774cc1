package io.balsa.node.reads;

import io.balsa.kv.Reading;
import io.balsa.kv.StoreReader;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A read as {@link ReadDesk} counts it, from its arrival until its client is told. */
abstract class OpenRead<T> extends Read {
  private final long bytes;
  private final Function<StoreReader, Reading<T>> question;
  private @Nullable Reading<T> reading;

  /** Where it is counted; null while it is not. */
  private @Nullable OpenReads counted;

  /**
   * One that waits.
   *
   * @param bytes what its request takes in memory
   * @param question begins to read
   */
  OpenRead(
      Kind kind,
      long deadlineNanos,
      AnswerRoom room,
      long bytes,
      Function<StoreReader, Reading<T>> question) {
    super(kind, deadlineNanos, room);
    this.bytes = bytes;
    this.question = question;
  }

  /** Tells the client. */
  abstract void tell(T answer);

  /** Tells the client that there is no answer. */
  abstract void refuse(Outcome.Failure failure);

  /** It is counted from now on, or not any more. */
  void count(int more) {}

  final long bytes() {
    return bytes;
  }

  /** It is open from now on. */
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
    Reading<T> begun = question.apply(reader);
    reading = begun;
    return begun;
  }

  @Override
  final void answer() {
    leave();
    Reading<T> done = Objects.requireNonNull(reading, "a read is answered after it began");
    reading = null; // who answers the reads of a batch keeps them all until the last
    tell(done.answer());
  }

  @Override
  final void failed(Outcome.Failure failure) {
    leave();
    reading = null;
    refuse(failure);
  }
}
