package io.balsa.node.writes;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Command.Op;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client's write that may cost much to apply, before it is proposed and on its way. */
final class HeavyCommand {
  private final long sequence;
  private final @Nullable Op toWeigh;
  private final Bytes encoded;
  private final long deadlineNanos;
  private final AnswerRoom room;
  private final Consumer<Outcome> done;
  private final AtomicBoolean left = new AtomicBoolean();

  /**
   * One that waits.
   *
   * @param toWeigh what it does, to be looked at before it is proposed; null for what its client
   *     may have sent before: then it may be done already, and only the log can say
   * @param encoded as it goes into the log
   */
  HeavyCommand(
      long sequence,
      @Nullable Op toWeigh,
      Bytes encoded,
      long deadlineNanos,
      AnswerRoom room,
      Consumer<Outcome> done) {
    this.sequence = sequence;
    this.toWeigh = toWeigh;
    this.encoded = encoded;
    this.deadlineNanos = deadlineNanos;
    this.room = room;
    this.done = done;
  }

  long sequence() {
    return sequence;
  }

  /** What is looked at before it is proposed; null when it is proposed as it is. */
  @Nullable Op toWeigh() {
    return toWeigh;
  }

  Bytes encoded() {
    return encoded;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  AnswerRoom room() {
    return room;
  }

  void answer(Outcome outcome) {
    done.accept(outcome);
  }

  /** Leaves its place among those under way; true the first time. */
  boolean leave() {
    return left.compareAndSet(false, true);
  }
}
