package io.balsa.node.writes;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Command.Op;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client's write that may cost much to apply, from its arrival to its answer. */
final class HeavyCommand {
  private final long sequence;
  private final Caller caller;
  private final @Nullable Op toWeigh;
  private final Bytes encoded;
  private final long deadlineNanos;
  private final AnswerRoom room;
  private final Consumer<Outcome> done;
  private final AtomicBoolean left = new AtomicBoolean();

  /**
   * A write that waits.
   *
   * @param toWeigh the operation whose cost is looked at before the write is proposed. Null when
   *     its size is its cost, and when the client may have sent the write before: it may be done,
   *     and only the log can say
   * @param encoded the write as the log holds it
   */
  HeavyCommand(
      long sequence,
      Caller caller,
      @Nullable Op toWeigh,
      Bytes encoded,
      long deadlineNanos,
      AnswerRoom room,
      Consumer<Outcome> done) {
    this.sequence = sequence;
    this.caller = caller;
    this.toWeigh = toWeigh;
    this.encoded = encoded;
    this.deadlineNanos = deadlineNanos;
    this.room = room;
    this.done = done;
  }

  long sequence() {
    return sequence;
  }

  /** Who asks; judged before the cost is looked at. */
  Caller caller() {
    return caller;
  }

  /** The operation whose cost is looked at first; null when the write is proposed at once. */
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

  /** Gives up its place among the writes under way; true the first time. */
  boolean leave() {
    return left.compareAndSet(false, true);
  }
}
