package io.balsa.node.reads;

import io.balsa.host.Clock;
import io.balsa.host.Containment;
import io.balsa.host.Lane;
import io.balsa.kv.StoreReader;
import io.balsa.lanes.Inbox;
import io.balsa.lanes.Outcome;
import io.balsa.node.storage.OpenStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves reads whose index is applied, all that are ready from one view; the others wait. Long
 * reads are served in slices, see {@link Slices}: new ones come in between. What waits is owned by
 * the lane; the apply lane only wakes it.
 */
public final class ReadLane {
  /** How often those that wait are looked through for such as wait no longer. */
  private static final long LOOK_NANOS = 10_000_000;

  /** A read and the index that must be applied before it is served. */
  private record Due(long index, Read read) {}

  private final Lane lane;
  private final Clock clock;
  private final Inbox<Due> inbox;
  private final Inbox<Slices.Told> rooms;
  private final Supplier<OpenStore> state;
  private final LongSupplier applied;
  private final Slices slices;
  private final PriorityQueue<Due> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Due::index));

  /** The last one, for its memory. */
  private @Nullable StoreReader reader;

  private long lookedNanos;

  /** Whether anything waits; written before {@code applied} is looked at again. */
  private volatile boolean waits;

  public ReadLane(Lane lane, Clock clock, Supplier<OpenStore> state, LongSupplier applied) {
    this.lane = lane;
    this.clock = clock;
    this.state = state;
    this.applied = applied;
    this.inbox = new Inbox<>(lane, this::serve);
    this.rooms = new Inbox<>(lane, this::serveAgain);
    this.slices = new Slices(clock, rooms::put);
    this.lookedNanos = clock.nanos();
  }

  /** Serves a read once an index is applied; 0 for at once. From any thread. */
  public void serve(long index, Read read) {
    inbox.put(new Due(index, read));
  }

  /** More is applied, or time has passed; from any thread. */
  void wake() {
    if (waits) {
      inbox.wake();
    }
  }

  private void serveAgain(List<Slices.Told> told) {
    told.forEach(slices::told);
    inbox.wake();
  }

  private void serve(List<Due> arrived) {
    waits = true;
    try {
      serveReady(takeReady(arrived));
    } finally {
      waits = !waiting.isEmpty() || !slices.isEmpty();
      if (slices.hasWork()) {
        inbox.wake();
      }
    }
  }

  private void serveReady(List<Read> ready) {
    look();
    boolean alone = ready.size() == 1 && !slices.hasWork();
    if (!ready.isEmpty()) {
      begin(ready, alone ? Slices.SLICE_STEPS : Slices.STEPS);
    }
    if (!alone) {
      slices.goOn();
    }
  }

  private List<Read> takeReady(List<Due> arrived) {
    long upTo = applied.getAsLong();
    List<Read> ready = new ArrayList<>();
    while (!waiting.isEmpty() && waiting.peek().index() <= upTo) {
      ready.add(waiting.remove().read());
    }
    for (Due due : arrived) {
      if (due.index() <= upTo) {
        ready.add(due.read());
      } else {
        waiting.add(due);
      }
    }
    return ready;
  }

  /** Drops those for whom nobody waits any more, and fails what is overdue. */
  private void look() {
    boolean none = waiting.isEmpty() && slices.isEmpty();
    long now = none ? lookedNanos : clock.nanos();
    if (now - lookedNanos >= LOOK_NANOS) {
      lookedNanos = now;
      waiting.removeIf(due -> slices.isOver(due.read()));
      slices.dropOver();
    }
  }

  private void begin(List<Read> ready, int steps) {
    Iterator<Read> left = ready.iterator();
    try {
      begin(left, steps);
    } catch (RuntimeException | Error e) { // thread root: none of them waits for ever
      Containment.throwIfFatal(e);
      left.forEachRemaining(read -> slices.fail(read, Outcome.Failure.READ_FAILED));
      throw e;
    }
  }

  private void begin(Iterator<Read> left, int steps) {
    OpenView view = open();
    if (view == null) {
      left.forEachRemaining(read -> slices.fail(read, Outcome.Failure.STOPPED));
      return;
    }
    reader = view.reader();
    try {
      left.forEachRemaining(read -> slices.begin(read, view, steps));
    } finally {
      view.leave();
    }
  }

  /**
   * A state that retires while readers come is followed by a newer one, which serves them; the last
   * one is followed by none.
   */
  private @Nullable OpenView open() {
    OpenStore present = state.get();
    OpenView view = OpenView.of(present, reader);
    while (view == null) {
      OpenStore next = state.get();
      if (next == present) {
        return null;
      }
      present = next;
      view = OpenView.of(present, reader);
    }
    return view;
  }

  /** Ends it; what waits fails, and so does what comes. */
  public void close() {
    lane.run(
        () -> {
          waiting.forEach(this::fail);
          waiting.clear();
          slices.close(Outcome.Failure.STOPPED);
          inbox.close(this::fail);
          lane.close();
        });
  }

  private void fail(Due due) {
    slices.fail(due.read(), Outcome.Failure.STOPPED);
  }
}
