package io.balsa.node;

import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;
import io.balsa.raft.Input;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Turns time into ticks on the raft lane, counts pauses of the process (GC, SIGSTOP, an overloaded
 * machine), and reports a log whose force takes too long.
 */
public final class Ticker {
  /** The length of a tick. */
  public static final long TICK_NANOS = 10_000_000;

  /**
   * The most ticks at once for lost time: a server that stood still must hear its peers before its
   * timeouts run out.
   */
  private static final int CATCH_UP_TICKS = 5;

  private static final LogEvent STOOD_STILL =
      LogEvent.warn(
          "io.balsa.node",
          "this server stood still",
          "look for long garbage collections, a suspended machine, or too few processors");

  private static final LogEvent DISK_HANGS =
      LogEvent.warn(
          "io.balsa.node",
          "a write of the log takes too long, this server does not lead",
          "check the disk of the data directory: other programs, its health, its limits");

  private static final LogEvent DISK_RECOVERED =
      LogEvent.info("io.balsa.node", "the write of the log has ended, this server may lead again");

  private final Host host;
  private final Lane lane;
  private final Consumer<Input> step;
  private final LongSupplier forcingNanos;
  private final Limits limits;
  private final LongConsumer eachTick;
  private final RareLine stoodStill = new RareLine(STOOD_STILL);
  private long lastNanos;
  private long pausesSeen;
  private boolean stalled;
  private volatile boolean stopped;

  /**
   * What counts as a pause and as a stall.
   *
   * @param pauseNanos a gap between ticks that counts as a pause
   * @param stallNanos a force of the log that takes longer makes a leader step down
   */
  record Limits(long pauseNanos, long stallNanos) {}

  /**
   * A ticker that does not run yet.
   *
   * @param lane the raft lane
   * @param step steps Raft; called on the lane
   * @param forcingNanos how long the force of the log under way has taken; 0 when there is none
   * @param eachTick called on the lane after each tick, with the number of pauses seen
   */
  Ticker(
      Host host,
      Lane lane,
      Consumer<Input> step,
      LongSupplier forcingNanos,
      Limits limits,
      LongConsumer eachTick) {
    this.host = host;
    this.lane = lane;
    this.step = step;
    this.forcingNanos = forcingNanos;
    this.limits = limits;
    this.eachTick = eachTick;
  }

  /** Ticks from now on; on the lane. */
  void start() {
    lastNanos = host.clock().nanos();
    lane.after(TICK_NANOS, this::tick);
  }

  /** Gives no tick any more; from any thread, where a tick under way goes on. */
  void stop() {
    stopped = true;
  }

  private void tick() {
    if (stopped) {
      return;
    }
    long now = host.clock().nanos();
    long passed = now - lastNanos;
    if (passed >= limits.pauseNanos()) {
      pausesSeen++;
      stoodStill.happened("took", Duration.ofNanos(passed));
    }
    int ticks = (int) Math.min(passed / TICK_NANOS, CATCH_UP_TICKS);
    lastNanos = passed / TICK_NANOS > CATCH_UP_TICKS ? now : lastNanos + ticks * TICK_NANOS;
    watchLog();
    for (int i = 0; i < ticks; i++) {
      step.accept(new Input.Tick(host.dice().nextInt()));
    }
    eachTick.accept(pausesSeen);
    lane.after(TICK_NANOS, this::tick);
  }

  private void watchLog() {
    boolean hangs = forcingNanos.getAsLong() > limits.stallNanos();
    if (hangs != stalled) {
      stalled = hangs;
      step.accept(hangs ? new Input.DiskStalled() : new Input.DiskRecovered());
      LogEvent event = hangs ? DISK_HANGS : DISK_RECOVERED;
      event.log(); // last: the file of the log may be on the disk that hangs
    }
  }
}
