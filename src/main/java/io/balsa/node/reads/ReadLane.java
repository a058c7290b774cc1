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
 * Serves reads whose index is applied: all that are ready share one view, the others wait. Long
 * reads go in {@link Slices}, and new reads come in between. The lane owns the reads that wait. The
 * apply lane only wakes it.
 */
public final class ReadLane {
  /** How often the lane looks for waiting reads that are overdue or whose client has left. */
  private static final long LOOK_NANOS = 10_000_000;

  /** A read and the index that must be applied before it is served. */
  private record Due(long index, Read read) {}

  private final Lane lane;
  private final Clock clock;
  private final Inbox<Due> inbox;
  private final Inbox<Slices.EndedWait> endedWaits;
  private final Supplier<OpenStore> state;
  private final LongSupplier applied;
  private final Slices slices;
  private final PriorityQueue<Due> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Due::index));

  /** The last reader, whose memory the next one uses. */
  private @Nullable StoreReader reader;

  private long lookedNanos;

  /** Whether any read waits; set before the lane looks at {@code applied}, so no wake is lost. */
  private volatile boolean waits;

  public ReadLane(Lane lane, Clock clock, Supplier<OpenStore> state, LongSupplier applied) {
    this.lane = lane;
    this.clock = clock;
    this.state = state;
    this.applied = applied;
    this.inbox = new Inbox<>(lane, this::serve);
    this.endedWaits = new Inbox<>(lane, this::serveAgain);
    this.slices = new Slices(clock, endedWaits::put);
    this.lookedNanos = clock.nanos();
  }

  /** Serves a read once an index is applied; at once for index 0. From any thread. */
  public void serve(long index, Read read) {
    inbox.put(new Due(index, read));
  }

  /** More is applied, or time has passed; from any thread. */
  void wake() {
    if (waits) {
      inbox.wake();
    }
  }

  private void serveAgain(List<Slices.EndedWait> waits) {
    waits.forEach(slices::endWait);
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

  /** Drops reads whose client has left, and fails reads that are overdue. */
  private void look() {
    boolean none = waiting.isEmpty() && slices.isEmpty();
    long now = none ? lookedNanos : clock.nanos();
    if (now - lookedNanos >= LOOK_NANOS) {
      lookedNanos = now;
      waiting.removeIf(due -> slices.failIfOver(due.read()));
      slices.dropOver();
    }
  }

  private void begin(List<Read> ready, int steps) {
    Iterator<Read> left = ready.iterator();
    try {
      begin(left, steps);
    } catch (RuntimeException | Error e) { // thread root: every read of the batch is failed
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
   * Opens a view. When the state retires meanwhile, the next state serves; null when there is none,
   * at the server's end.
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

  /** Ends the lane. Reads that wait fail, and so do reads that come later. */
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
