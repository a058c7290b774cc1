package io.balsa.node.reads;

import io.balsa.host.Clock;
import io.balsa.host.Containment;
import io.balsa.kv.Reading;
import io.balsa.lanes.Outcome;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Serves reads in slices: a new one before all others, then who took few steps before who took
 * many, and of those who took about as many the one that came first. Finds each the room for its
 * answer, and drops those for whom nobody waits any more. Owned by a read lane.
 */
final class Slices {
  private static final System.Logger LOG = System.getLogger("io.balsa.node");

  /** Steps between two looks at the clock; and the first slice, when others wait. */
  static final int STEPS = 256;

  /** The most steps of a slice; some two milliseconds. */
  static final int SLICE_STEPS = 4_096;

  private static final long SLICE_NANOS = 2_000_000;

  /** Reads that may wait in their midst. */
  static final int INTERRUPTED_MAX = 1_000;

  /** Bytes that all of these hold without room for them; further ones only measure. */
  static final long HELD_BYTES_MAX = 4 << 20;

  /** How often a read begins again: once without room, once with it, once more for a mistake. */
  private static final int RESTARTS_MAX = 3;

  private static final long LOG_NANOS = 1_000_000_000;

  private final Clock clock;

  /** Tells the lane of an answer about room; from any thread. */
  private final Consumer<Told> tell;

  private final PriorityQueue<Serving> interrupted =
      new PriorityQueue<>(
          Comparator.comparingInt(Serving::level).thenComparingLong(Serving::number));

  private final LinkedHashSet<Serving> waitForRoom = new LinkedHashSet<>();
  private long begun;

  /** Bytes that the interrupted ones hold without room for them. */
  private long held;

  private boolean loggedOnce;
  private long loggedNanos;

  /** What became of a wait for room. */
  record Told(Serving serving, long room, boolean found) {}

  Slices(Clock clock, Consumer<Told> tell) {
    this.clock = clock;
    this.tell = tell;
  }

  /** Whether somebody could be served now. */
  boolean hasWork() {
    return !interrupted.isEmpty();
  }

  /** Whether somebody waits for room, or to go on. */
  boolean isEmpty() {
    return interrupted.isEmpty() && waitForRoom.isEmpty();
  }

  /**
   * Serves a new read, the first slice of it.
   *
   * @param steps the most steps of it
   */
  void begin(Read read, OpenView view, int steps) {
    Serving serving;
    try {
      if (isOver(read)) {
        return;
      }
      serving = new Serving(read, view, begun++);
    } catch (RuntimeException
        | Error e) { // thread root: of one read, which ends by it, not the lane
      failed(read, e);
      return;
    }
    run(serving, steps);
  }

  /** Serves one of those that were interrupted, a slice of it. */
  void goOn() {
    Serving next = next();
    if (next == null) {
      return;
    }
    if (isOverInItsMidst(next.read())) {
      next.end();
    } else {
      run(next, SLICE_STEPS);
    }
  }

  /** Tells a read that it is over, if it is: for want of a client, or of time. */
  boolean isOver(Read read) {
    return isOver(read, true);
  }

  private boolean isOverInItsMidst(Read read) {
    return isOver(read, !read.isLong());
  }

  private boolean isOver(Read read, boolean inTime) {
    if (read.room().isGone()) {
      fail(read, Outcome.Failure.CANCELLED);
      return true;
    }
    if (inTime && clock.nanos() - read.deadlineNanos() >= 0) {
      fail(read, Outcome.Failure.TIMED_OUT);
      return true;
    }
    return false;
  }

  private void run(Serving serving, int steps) {
    boolean over = true;
    try {
      over = isOverAfter(serving, steps);
    } catch (RuntimeException
        | Error e) { // thread root: of one read, which ends by it, not the lane
      waitForRoom.remove(serving);
      failed(serving.read(), e);
    } finally {
      if (over) {
        serving.end();
      }
    }
  }

  private boolean isOverAfter(Serving serving, int steps) {
    return switch (advance(serving.reading(), steps)) {
      case UNDER_WAY -> !interrupt(serving);
      case MEASURED -> !again(serving);
      case TOO_LARGE -> {
        fail(serving.read(), Outcome.Failure.RESPONSE_TOO_LARGE);
        yield true;
      }
      case DONE -> hasAnswered(serving);
    };
  }

  private Reading.State advance(Reading<?> reading, int steps) {
    Reading.State state = reading.advance(STEPS);
    if (state != Reading.State.UNDER_WAY || steps <= STEPS) {
      return state;
    }
    long until = clock.nanos() + SLICE_NANOS;
    for (int taken = STEPS; taken < steps; taken += STEPS) {
      state = reading.advance(STEPS);
      if (state != Reading.State.UNDER_WAY || clock.nanos() - until >= 0) {
        break;
      }
    }
    return state;
  }

  /** Keeps a read for later; false when there are too many. */
  private boolean interrupt(Serving serving) {
    serving.reading().pause();
    if (!serving.read().isOwn() && !hasPlace()) {
      fail(serving.read(), Outcome.Failure.TOO_MANY_REQUESTS);
      return false;
    }
    keep(serving);
    return true;
  }

  /** Keeps it for its next turn, with what it holds if all of them together hold little. */
  private void keep(Serving serving) {
    if (serving.holds() > 0 && held + serving.holds() > HELD_BYTES_MAX) {
      serving.reading().measure();
    }
    held += serving.holds();
    interrupted.add(serving);
  }

  private @Nullable Serving next() {
    Serving next = interrupted.poll();
    held -= next == null ? 0 : next.holds();
    return next;
  }

  private boolean hasPlace() {
    if (interrupted.size() + waitForRoom.size() >= INTERRUPTED_MAX) {
      dropOver();
    }
    return interrupted.size() + waitForRoom.size() < INTERRUPTED_MAX;
  }

  private boolean hasAnswered(Serving serving) {
    long missing = serving.reading().bytes() - serving.taken();
    if (missing <= 0 || serving.read().room().tryTake(missing)) {
      serving.read().answer();
      return true;
    }
    serving.reading().give();
    return !waitForRoom(serving, serving.reading().bytes());
  }

  /** Begins again with room, or waits for it; false when it failed. */
  private boolean again(Serving serving) {
    long needed = serving.reading().bytes();
    long missing = needed - serving.taken();
    if (serving.restarts() == RESTARTS_MAX) {
      fail(serving.read(), Outcome.Failure.NO_ROOM);
      return false;
    }
    if (missing > 0 && !serving.read().room().tryTake(missing)) {
      return waitForRoom(serving, needed);
    }
    serving.again(needed);
    keep(serving);
    return true;
  }

  private boolean waitForRoom(Serving serving, long needed) {
    if (!hasPlace()) {
      fail(serving.read(), Outcome.Failure.TOO_MANY_REQUESTS);
      return false;
    }
    waitForRoom.add(serving);
    serving
        .read()
        .room()
        .take(needed - serving.taken(), found -> tell.accept(new Told(serving, needed, found)));
    return true;
  }

  /** A wait for room is over. The read may have failed meanwhile: its room's owner ends it then. */
  void told(Told told) {
    Serving serving = told.serving();
    if (!waitForRoom.remove(serving)) {
      return;
    }
    if (told.found()) {
      serving.again(told.room());
      keep(serving);
    } else {
      serving.end();
      fail(serving.read(), Outcome.Failure.NO_ROOM);
    }
  }

  /** Ends all for whom nobody waits any more, or whose time is over. */
  void dropOver() {
    Predicate<Serving> over =
        serving -> {
          boolean isOver = isOverInItsMidst(serving.read());
          if (isOver) {
            serving.end();
          }
          return isOver;
        };
    interrupted.removeIf(over);
    held = 0;
    interrupted.forEach(serving -> held += serving.holds());
    waitForRoom.removeIf(over);
  }

  /** Ends all. */
  void close(Outcome.Failure failure) {
    List<Serving> left = new ArrayList<>(interrupted);
    left.addAll(waitForRoom);
    interrupted.clear();
    waitForRoom.clear();
    held = 0;
    for (Serving serving : left) {
      serving.end();
      fail(serving.read(), failure);
    }
  }

  /** Tells a read why it is not answered. */
  void fail(Read read, Outcome.Failure failure) {
    try {
      read.failed(failure);
    } catch (RuntimeException | Error e) { // thread root: of one client, who cannot even be told
      Containment.throwIfFatal(e);
      log(e);
    }
  }

  /** Every read is told, for what waits is counted; a failure of the store ends the process. */
  private void failed(Read read, Throwable failure) {
    Containment.throwIfFatal(failure);
    log(failure);
    fail(read, Outcome.Failure.READ_FAILED);
  }

  /** Now and then: what a client can bring about must not fill the log. */
  private void log(Throwable failure) {
    long now = clock.nanos();
    if (!loggedOnce || now - loggedNanos >= LOG_NANOS) {
      loggedOnce = true;
      loggedNanos = now;
      LOG.log(Level.ERROR, "a read failed, and nothing else with it", failure);
    }
  }
}
