package io.balsa.sim;

import io.balsa.bytes.Check;
import io.balsa.engine.EngineFailure;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time and everything that is going to happen in it, in one thread.
 *
 * <p>An event takes no time; what takes time waits before it. An event of a machine is dropped when
 * the machine is dead, and waits while it is paused.
 */
final class World {
  /** Ends a machine in the midst of a task: thrown through the server's code, caught here. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death() {
      super("the machine is dead", null, false, false);
    }
  }

  /** Sees the state of the world after an event of a machine. */
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

  /** What the arrival of a frame is called. */
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

  /** How many events are still to come. */
  int pending() {
    return queue.size();
  }

  /** The lane of the running task, if it is one. */
  @Nullable SimLane lane() {
    return lane;
  }

  /** What was found broken first. */
  @Nullable String broken() {
    return broken;
  }

  /** Stops the world: something that must hold does not. */
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

  /** Something happens at a time, to nobody in particular. */
  void at(long time, String what, Runnable task) {
    queue.add(new Event(Math.max(time, now), sequence++, what, null, null, task, null));
  }

  /** Something happens on a machine, unless it is dead by then. */
  void at(long time, SimHost host, String what, Runnable task, @Nullable Runnable ifDead) {
    queue.add(new Event(Math.max(time, now), sequence++, what, host, null, task, ifDead));
  }

  /** A task runs on a lane. */
  void at(long time, SimLane on, Runnable task) {
    queue.add(new Event(Math.max(time, now), sequence++, on.name(), on.host(), on, task, null));
  }

  /**
   * The running task stands still until a time while everything else goes on: for what others must
   * see standing still. Such waits nest, and the outer one ends no earlier than the inner.
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

  /** A machine's pause ends before its time: what waits for its end comes now, in its order. */
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

  /** How many tasks stand still. */
  int standing() {
    return depth;
  }

  /** Runs everything up to a time. */
  void runUntil(long time) {
    runWhileAlive(time, null);
    now = Math.max(now, time);
  }

  /** Runs everything up to a time, or up to when something is so. */
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
      Check.that(host == null || !host.isAlive(), "who dies is dead");
    } catch (EngineFailure e) {
      endsWith(e, host);
    } catch (RuntimeException e) { // thread root: a simulated one
      breaks(Trace.of(e));
    }
  }

  /** Runs a task of a machine that dies in it or right after. */
  void dyingTask(Runnable task) {
    try {
      task.run();
    } catch (Death | EngineFailure _) {
      trace.event(now, 0, "died in a task");
    } catch (RuntimeException e) { // thread root: a simulated one
      breaks(Trace.of(e));
    }
  }

  /** A process whose store fails ends itself. */
  private void endsWith(EngineFailure failure, @Nullable SimHost host) {
    try {
      if (host != null) {
        host.halt(failure.getMessage() + ": " + failure.getCause());
      }
    } catch (Death _) {
      Check.that(host == null || !host.isAlive(), "who dies is dead");
    }
  }
}
