package io.balsa.sim;

import io.balsa.bytes.Check;
import io.balsa.engine.EngineFailure;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time and the queue of future events, in one thread.
 *
 * <p>An event takes no time; all durations are waits before events. An event of a machine is
 * dropped if the machine is dead, and waits while the machine is paused.
 */
final class World {
  /** Ends a machine in the middle of a task: thrown through the server's code, caught here. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death() {
      super("the machine is dead", null, false, false);
    }
  }

  /** Runs after each event of a machine. */
  interface AfterEvent {
    void happened(SimHost host, @Nullable SimLane lane);
  }

  private record Event(
      long at,
      long sequence,
      String what,
      @Nullable SimHost host,
      @Nullable SimLane lane,
      Runnable task,
      @Nullable Runnable ifDead)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }

    Event later(long time) {
      return new Event(time, sequence, what, host, lane, task, ifDead);
    }
  }

  /** The label of the arrival of a frame. */
  static final String FRAME = "frame";

  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private final Trace trace;
  private final Coverage marks = new Coverage();
  private final AfterEvent after;
  private long now;
  private long sequence;
  private long events;
  private int depth;
  private @Nullable SimLane lane;
  private @Nullable String broken;

  World(Trace trace, AfterEvent after) {
    this.trace = trace;
    this.after = after;
  }

  /** The virtual time in nanoseconds. */
  long now() {
    return now;
  }

  long events() {
    return events;
  }

  Trace trace() {
    return trace;
  }

  Coverage marks() {
    return marks;
  }

  /** The number of future events. */
  int pending() {
    return queue.size();
  }

  /** The lane of the running task, if it is one. */
  @Nullable SimLane lane() {
    return lane;
  }

  /** The first broken invariant; null for none. */
  @Nullable String broken() {
    return broken;
  }

  /** Stops the run: an invariant is broken. */
  void breaks(String what) {
    if (broken == null) {
      broken = "at " + Trace.seconds(now) + ": " + what;
      trace.note(now, 0, "BROKEN", what);
    }
  }

  /** As {@link #breaks} when the condition does not hold. */
  void expect(boolean condition, Supplier<String> what) {
    if (!condition) {
      breaks(what.get());
    }
  }

  /** Schedules an event of no machine. */
  void at(long time, String what, Runnable task) {
    queue.add(new Event(Math.max(time, now), sequence++, what, null, null, task, null));
  }

  /** Schedules an event of a machine; {@code ifDead} runs instead if the machine is dead then. */
  void at(long time, SimHost host, String what, Runnable task, @Nullable Runnable ifDead) {
    queue.add(new Event(Math.max(time, now), sequence++, what, host, null, task, ifDead));
  }

  /** Schedules a task of a lane. */
  void at(long time, SimLane on, Runnable task) {
    queue.add(new Event(Math.max(time, now), sequence++, on.name(), on.host(), on, task, null));
  }

  /**
   * Stops the running task until a time, while all other events go on, so that they see it hang.
   * Such waits nest; the outer one ends no earlier than the inner one.
   */
  void standStill(SimHost host, long until) {
    SimLane standing = lane;
    if (standing != null) {
      standing.stands(true);
    }
    depth++;
    runWhileAlive(until, host);
    depth--;
    lane = standing;
    if (standing != null) {
      standing.stands(false);
    }
    if (!host.isAlive()) {
      throw new Death();
    }
    now = broken == null ? Math.max(now, until) : now;
  }

  /** Ends a machine's pause early: the waiting events follow now, in their order. */
  void resume(SimHost host) {
    List<Event> waiting =
        queue.stream()
            .filter(event -> event.host == host)
            .filter(event -> event.at == host.pausedUntil() || event.at == host.hearsFrom())
            .toList();
    queue.removeAll(waiting);
    host.pauseUntil(0);
    waiting.forEach(event -> queue.add(event.later(now)));
  }

  /** The number of tasks that hang. */
  int standing() {
    return depth;
  }

  /** Runs all events up to a time. */
  void runUntil(long time) {
    runWhileAlive(time, null);
    now = Math.max(now, time);
  }

  /** Runs all events up to a time, or until a condition holds. */
  void runUntil(long time, BooleanSupplier so) {
    while (broken == null && !so.getAsBoolean() && !queue.isEmpty() && queue.peek().at <= time) {
      run(queue.remove());
    }
  }

  private void runWhileAlive(long time, @Nullable SimHost whileAlive) {
    while (broken == null && (whileAlive == null || whileAlive.isAlive())) {
      Event next = queue.peek();
      if (next == null || next.at > time) {
        return;
      }
      queue.remove();
      run(next);
    }
  }

  private void run(Event event) {
    SimHost host = event.host;
    now = Math.max(now, event.at);
    if (host != null && !host.isAlive()) {
      if (event.ifDead != null) {
        event.ifDead.run();
      }
      return;
    }
    long free = freeAt(event);
    if (free > now) {
      queue.add(event.later(free));
      return;
    }
    events++;
    trace.event(now, host == null ? 0 : host.id(), event.what);
    lane = event.lane;
    if (event.lane != null) {
      event.lane.begins();
    }
    carryOut(event, host);
    if (event.lane != null) {
      event.lane.worked();
    }
    lane = null;
    if (host != null) {
      after.happened(host, event.lane);
    }
  }

  private static long freeAt(Event event) {
    SimHost host = event.host;
    boolean frame = event.what.equals(FRAME);
    long paused = host == null ? 0 : frame ? host.hearsFrom() : host.pausedUntil();
    return event.lane == null ? paused : Math.max(paused, event.lane.freeAt(event.task));
  }

  private void carryOut(Event event, @Nullable SimHost host) {
    try {
      event.task.run();
    } catch (Death _) {
      Check.that(host == null || !host.isAlive(), "a machine that dies is dead");
    } catch (EngineFailure e) {
      endsWith(e, host);
    } catch (RuntimeException e) { // thread root: a simulated one
      breaks(Trace.of(e));
    }
  }

  /** Runs a task of a machine that dies in the task or right after it. */
  void dyingTask(Runnable task) {
    try {
      task.run();
    } catch (Death | EngineFailure _) {
      trace.event(now, 0, "died in a task");
    } catch (RuntimeException e) { // thread root: a simulated one
      breaks(Trace.of(e));
    }
  }

  /** Ends a process whose store failed. */
  private void endsWith(EngineFailure failure, @Nullable SimHost host) {
    try {
      if (host != null) {
        host.halt(failure.getMessage() + ": " + failure.getCause());
      }
    } catch (Death _) {
      Check.that(host == null || !host.isAlive(), "a machine that dies is dead");
    }
  }
}
