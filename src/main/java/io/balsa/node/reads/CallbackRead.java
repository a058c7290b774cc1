package io.balsa.node.reads;

import io.balsa.kv.Reading;
import io.balsa.kv.StoreReader;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import java.util.function.Consumer;
import java.util.function.Function;

/** A read that gives its answer to one consumer, or its failure to another. */
class CallbackRead<T> extends OpenRead<T> {
  private final Consumer<T> done;
  private final Consumer<Outcome.Failure> failed;

  CallbackRead(
      Kind kind,
      long deadlineNanos,
      AnswerRoom room,
      long bytes,
      Function<StoreReader, Reading<T>> begin,
      Consumer<T> done,
      Consumer<Outcome.Failure> failed) {
    super(kind, deadlineNanos, room, bytes, begin);
    this.done = done;
    this.failed = failed;
  }

  @Override
  void tell(T answer) {
    done.accept(answer);
  }

  @Override
  void refuse(Outcome.Failure failure) {
    failed.accept(failure);
  }
}
