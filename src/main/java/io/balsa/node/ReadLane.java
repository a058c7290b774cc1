package io.balsa.node;

import io.balsa.engine.Engine;
import io.balsa.host.Clock;
import io.balsa.host.Lane;
import io.balsa.kv.Reader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Serves reads whose index is applied, all that are ready from one view; the others wait. What
 * waits is owned by the lane; the apply lane only wakes it.
 */
final class ReadLane {
  /** A read and the index that must be applied before it is served. */
  private record Due(long index, Read read) {}

  private final Lane lane;
  private final Clock clock;
  private final Inbox<Due> inbox;
  private final Supplier<State> state;
  private final LongSupplier applied;
  private final PriorityQueue<Due> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Due::index));

  /** Whether anything waits for an index; written before {@code applied} is looked at again. */
  private volatile boolean waits;

  ReadLane(Lane lane, Clock clock, Supplier<State> state, LongSupplier applied) {
    this.lane = lane;
    this.clock = clock;
    this.state = state;
    this.applied = applied;
    this.inbox = new Inbox<>(lane, this::serve);
  }

  /** Serves a read once an index is applied; 0 for at once. From any thread. */
  void serve(long index, Read read) {
    inbox.put(new Due(index, read));
  }

  /** More is applied, or time has passed; from any thread. */
  void wake() {
    if (waits) {
      inbox.wake();
    }
  }

  private void serve(List<Due> arrived) {
    waiting.addAll(arrived);
    waits = true;
    List<Read> ready = takeReady();
    waits = !waiting.isEmpty();
    if (!ready.isEmpty()) {
      answer(ready);
    }
  }

  private List<Read> takeReady() {
    long upTo = applied.getAsLong();
    List<Read> ready = new ArrayList<>();
    while (!waiting.isEmpty() && waiting.peek().index() <= upTo) {
      ready.add(waiting.remove().read());
    }
    if (!waiting.isEmpty()) {
      failOverdue();
    }
    return ready;
  }

  private void failOverdue() {
    long now = clock.nanos();
    waiting.removeIf(
        due -> {
          boolean overdue = now - due.read().deadlineNanos() >= 0;
          if (overdue) {
            due.read().failed().accept(Outcome.Failure.TIMED_OUT);
          }
          return overdue;
        });
  }

  /**
   * A state that retires while readers come is followed by a newer one, which serves them; the last
   * one is followed by none.
   */
  private void answer(List<Read> ready) {
    State present = state.get();
    while (!present.use(engine -> answer(ready, engine))) {
      State next = state.get();
      if (next == present) {
        ready.forEach(read -> read.failed().accept(Outcome.Failure.STOPPED));
        return;
      }
      present = next;
    }
  }

  private static void answer(List<Read> ready, Engine engine) {
    try (Engine.View view = engine.view()) {
      Reader reader = Reader.of(view);
      for (Read read : ready) {
        if (read.room().isGone()) {
          read.failed().accept(Outcome.Failure.CANCELLED);
        } else {
          read.work().accept(reader);
        }
      }
    }
  }

  /** Ends it; what waits fails, and so does what comes. */
  void close() {
    lane.run(
        () -> {
          waiting.forEach(ReadLane::fail);
          waiting.clear();
          inbox.close(ReadLane::fail);
          lane.close();
        });
  }

  private static void fail(Due due) {
    due.read().failed().accept(Outcome.Failure.STOPPED);
  }
}
