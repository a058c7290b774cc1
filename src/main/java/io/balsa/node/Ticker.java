package io.balsa.node;

import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.raft.Input;
import java.lang.System.Logger.Level;

/**
 * Turns time into ticks on the raft lane, sees pauses of the process (GC, SIGSTOP, a starved
 * machine), and watches the log's force.
 */
public final class Ticker {
  /** What a tick stands for. */
  public static final long TICK_NANOS = 10_000_000;

  /** Ticks given for lost time at once: a server that stood still asks before it acts. */
  private static final int CATCH_UP_TICKS = 5;

  private static final System.Logger LOG = System.getLogger("io.balsa.node");

  private final Host host;
  private final Lane lane;
  private final RaftLane raft;
  private final LogLane log;
  private final long pauseNanos;
  private final long stallNanos;
  private final Runnable eachTick;
  private long lastNanos;
  private long pausesSeen;
  private boolean stalled;
  private boolean stopped;

  /**
   * A ticker, not yet running.
   *
   * @param pauseNanos a gap between ticks that counts as a pause
   * @param stallNanos a force that takes as long makes a leader step down
   */
  Ticker(
      Host host,
      Lane lane,
      RaftLane raft,
      LogLane log,
      long pauseNanos,
      long stallNanos,
      Runnable eachTick) {
    this.host = host;
    this.lane = lane;
    this.raft = raft;
    this.log = log;
    this.pauseNanos = pauseNanos;
    this.stallNanos = stallNanos;
    this.eachTick = eachTick;
  }

  void start() {
    lastNanos = host.clock().nanos();
    lane.after(TICK_NANOS, this::tick);
  }

  /** How often the process was found to have stood still; on the raft lane. */
  long pausesSeen() {
    return pausesSeen;
  }

  void stop() {
    stopped = true;
  }

  private void tick() {
    if (stopped) {
      return;
    }
    long now = host.clock().nanos();
    long passed = now - lastNanos;
    if (passed >= pauseNanos) {
      pausesSeen++;
      LOG.log(Level.WARNING, "this server stood still for {0} ms", passed / 1_000_000);
    }
    int ticks = (int) Math.min(passed / TICK_NANOS, CATCH_UP_TICKS);
    lastNanos = passed / TICK_NANOS > CATCH_UP_TICKS ? now : lastNanos + ticks * TICK_NANOS;
    watchLog();
    for (int i = 0; i < ticks; i++) {
      raft.step(new Input.Tick(host.dice().nextInt()));
    }
    eachTick.run();
    lane.after(TICK_NANOS, this::tick);
  }

  private void watchLog() {
    boolean hangs = log.forcingNanos() > stallNanos;
    if (hangs != stalled) {
      stalled = hangs;
      LOG.log(
          Level.WARNING,
          hangs ? "the log's disk does not answer; not leading" : "the log's disk answers again");
      raft.step(hangs ? new Input.DiskStalled() : new Input.DiskRecovered());
    }
  }
}
