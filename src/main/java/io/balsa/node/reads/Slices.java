package io.balsa.node.reads;

import io.balsa.host.Clock;
import io.balsa.host.Containment;
import io.balsa.kv.Reading;
import io.balsa.lanes.Outcome;
import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Serves reads in slices. A new read goes first. Of the interrupted reads, those that took fewer
 * steps go before those that took more; of about as many steps, the read that came first. Finds the
 * room for each answer, and drops reads whose client has left. Owned by a read lane.
 */
final class Slices {
  private static final LogEvent READ_FAILED =
      LogEvent.error(
          "io.balsa.node",
          "a read failed, and the server goes on",
          "report it with its stack trace: it is a fault of Balsa");

  /** Steps between two looks at the clock. Also the first slice of a read when others wait. */
  static final int STEPS = 256;

  /** The most steps of a slice, about two milliseconds. */
  static final int SLICE_STEPS = 4_096;

  private static final long SLICE_NANOS = 2_000_000;

  /** So many reads may be interrupted at once. */
  static final int INTERRUPTED_MAX = 1_000;

  /** Bytes that interrupted reads may hold without room. Beyond it a read only measures. */
  static final long HELD_BYTES_MAX = 4 << 20;

  /** A read begins again so often at most: without room, with room, and once for a mistake. */
  private static final int RESTARTS_MAX = 3;

  private final RareLine readFailed = new RareLine(READ_FAILED);
  private final Clock clock;

  /** Hands the end of a wait for room to the lane; from any thread. */
  private final Consumer<EndedWait> waitEnded;

  private final PriorityQueue<Serving> interrupted =
      new PriorityQueue<>(
          Comparator.comparingInt(Serving::level).thenComparingLong(Serving::number));

  private final LinkedHashSet<Serving> waitForRoom = new LinkedHashSet<>();
  private long begun;

  /** Bytes that the interrupted reads hold without room for them. */
  private long held;

  /** A wait for room has ended: whether so many bytes were found. */
  record EndedWait(Serving serving, long room, boolean found) {}

  Slices(Clock clock, Consumer<EndedWait> waitEnded) {
    this.clock = clock;
    this.waitEnded = waitEnded;
  }

  /** Whether a read could be served now. */
  boolean hasWork() {
    return !interrupted.isEmpty();
  }

  /** Whether no read is interrupted or waits for room. */
  boolean isEmpty() {
    return interrupted.isEmpty() && waitForRoom.isEmpty();
  }

  /**
   * Serves the first slice of a new read.
   *
   * @param steps the most steps of the slice
   */
  void begin(Read read, OpenView view, int steps) {
    Serving serving;
    try {
      if (failIfOver(read)) {
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

  /** Serves a slice of an interrupted read, if there is one. */
  void goOn() {
    Serving next = next();
    if (next == null) {
      return;
    }
    if (failBegunIfOver(next.read())) {
      next.end();
    } else {
      run(next, SLICE_STEPS);
    }
  }

  /** Fails a read whose client has left or whose time is over; returns false for any other. */
  boolean failIfOver(Read read) {
    return failIfOver(read, true);
  }

  private boolean failBegunIfOver(Read read) {
    return failIfOver(read, !read.isLong());
  }

  private boolean failIfOver(Read read, boolean hasDeadline) {
    if (read.room().clientLeft()) {
      fail(read, Outcome.Failure.CANCELLED);
      return true;
    }
    if (hasDeadline && clock.nanos() - read.deadlineNanos() >= 0) {
      fail(read, Outcome.Failure.TIMED_OUT);
      return true;
    }
    return false;
  }

  private void run(Serving serving, int steps) {
    boolean over = true;
    try {
      over = serve(serving, steps);
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

  /** Serves a slice; returns whether the read is over: answered or failed. */
  private boolean serve(Serving serving, int steps) {
    return switch (advance(serving.reading(), steps)) {
      case UNDER_WAY -> !interrupt(serving);
      case MEASURED -> !beginAgain(serving);
      case TOO_LARGE -> {
        fail(serving.read(), Outcome.Failure.RESPONSE_TOO_LARGE);
        yield true;
      }
      case DONE -> answerOrWait(serving);
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

  /** Keeps a read for later; false when too many wait, and then it has failed. */
  private boolean interrupt(Serving serving) {
    serving.reading().pause();
    if (!serving.read().isOwn() && !hasPlace()) {
      fail(serving.read(), Outcome.Failure.TOO_MANY_REQUESTS);
      return false;
    }
    keep(serving);
    return true;
  }

  /** Keeps a read for its next slice. It drops what it holds when all hold too much. */
  private void keep(Serving serving) {
    if (serving.holds() > 0 && held + serving.holds() > HELD_BYTES_MAX) {
      serving.reading().dropAndMeasure();
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

  /** Answers a read, or has it wait for room; returns whether it is over. */
  private boolean answerOrWait(Serving serving) {
    long missing = serving.reading().bytes() - serving.taken();
    if (missing <= 0 || serving.read().room().tryTake(missing)) {
      serving.read().answer();
      return true;
    }
    serving.reading().dropAndPause();
    return !waitForRoom(serving, serving.reading().bytes());
  }

  /** Begins again with room, or waits for it; false when it failed. */
  private boolean beginAgain(Serving serving) {
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
        .take(
            needed - serving.taken(),
            found -> waitEnded.accept(new EndedWait(serving, needed, found)));
    return true;
  }

  /**
   * Serves or fails a read whose wait has ended. If it failed before, the room's owner frees it.
   */
  void endWait(EndedWait wait) {
    Serving serving = wait.serving();
    if (!waitForRoom.remove(serving)) {
      return;
    }
    if (wait.found()) {
      serving.again(wait.room());
      keep(serving);
    } else {
      serving.end();
      fail(serving.read(), Outcome.Failure.NO_ROOM);
    }
  }

  /** Ends all reads whose client has left or whose time is over. */
  void dropOver() {
    Predicate<Serving> over =
        serving -> {
          boolean failed = failBegunIfOver(serving.read());
          if (failed) {
            serving.end();
          }
          return failed;
        };
    interrupted.removeIf(over);
    held = 0;
    interrupted.forEach(serving -> held += serving.holds());
    waitForRoom.removeIf(over);
  }

  /** Fails all reads that wait. */
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
    } catch (RuntimeException | Error e) { // thread root: one client cannot be told
      Containment.throwIfFatal(e);
      readFailed.failed(e);
    }
  }

  /** Fails the read, for open reads are counted. A failure of the store ends the process. */
  private void failed(Read read, Throwable failure) {
    Containment.throwIfFatal(failure);
    readFailed.failed(failure);
    fail(read, Outcome.Failure.READ_FAILED);
  }
}
