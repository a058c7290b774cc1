package io.balsa.node;

import io.balsa.host.DiskTrouble;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;
import io.balsa.model.Alarm;
import io.balsa.model.Command;
import io.balsa.node.apply.AppliedFacts;
import io.balsa.node.apply.ApplyLane;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a disk is nearly full. Below the mark it raises the alarm NOSPACE for its own
 * member, as etcd does for the quota. Puts are then refused, while deletions and compactions go on.
 * Once there is room again, it ends an alarm that it raised itself.
 *
 * <p>A file notes that it raised the alarm. So it ends its own alarm after a restart as well, and
 * never one that an operator or the quota raised.
 */
final class DiskRoom {
  /** The file that notes the alarm; empty. */
  static final String RAISED = "low-space";

  private static final LogEvent SCARCE =
      LogEvent.warn(
          "io.balsa.node",
          "the disk fills up, puts will be refused soon",
          "delete keys and compact, or enlarge the disk");

  private static final LogEvent LOW =
      LogEvent.warn(
          "io.balsa.node",
          "the disk is nearly full, puts are refused",
          "delete keys and compact, or enlarge the disk");

  private static final LogEvent ROOM =
      LogEvent.info("io.balsa.node", "the disk is no longer nearly full");

  private static final LogEvent UNKNOWN =
      LogEvent.warn(
          "io.balsa.node",
          "the free space of the disk is not known",
          "check the disk of the data directory");

  private static final LogEvent NOT_NOTED =
      LogEvent.warn(
          "io.balsa.node",
          "the file that notes the alarm cannot be written or deleted",
          "check the disk; if the alarm stays when there is room again, disarm it");

  private static final long LOOK_NANOS = 1_000_000_000;
  private static final long LOOK_OFTEN_NANOS = 100_000_000;

  /** A proposal that is not applied within this time is proposed again. */
  private static final long AGAIN_NANOS = 1_000_000_000;

  private final Host host;
  private final Alarm alarm;
  private final Supplier<AppliedFacts> facts;
  private final BooleanSupplier knowsLeader;
  private final BiConsumer<Command, Consumer<Outcome>> propose;
  private final NodeMetrics metrics;
  private final DiskReserve reserve;
  private final RareLine unknown = new RareLine(UNKNOWN);
  private final @Nullable Lane lane;
  private long proposedAtNanos;
  private volatile boolean proposed;
  private boolean scarce;
  private volatile boolean low;
  private volatile boolean tooFullToFlush;

  /** A disk room that does not look yet. */
  DiskRoom(
      Host host,
      NodeConfig config,
      ApplyLane apply,
      BooleanSupplier knowsLeader,
      BiConsumer<Command, Consumer<Outcome>> propose,
      NodeMetrics metrics) {
    this(
        host,
        config.diskReserveBytes(),
        config.self(),
        apply::facts,
        knowsLeader,
        propose,
        metrics);
  }

  /**
   * A disk room that does not look yet.
   *
   * @param flag as {@link NodeConfig#diskReserveBytes}
   * @param member this server
   * @param knowsLeader whether a leader is known; from any lane
   */
  DiskRoom(
      Host host,
      long flag,
      long member,
      Supplier<AppliedFacts> facts,
      BooleanSupplier knowsLeader,
      BiConsumer<Command, Consumer<Outcome>> propose,
      NodeMetrics metrics) {
    this.host = host;
    this.metrics = metrics;
    this.alarm = new Alarm(member, Alarm.Kind.NOSPACE);
    this.facts = facts;
    this.knowsLeader = knowsLeader;
    this.propose = propose;
    this.reserve = reserveOf(host, flag);
    this.lane = reserve.mark() > 0 ? host.serviceLane("disk") : null;
  }

  private static DiskReserve reserveOf(Host host, long flag) {
    try {
      return DiskReserve.of(flag, flag < 0 ? 0 : host.disk().totalBytes());
    } catch (IOException _) {
      return DiskReserve.of(flag, 0);
    }
  }

  /**
   * Whether free space is below the mark: the server keeps no log that it can drop. From any lane.
   */
  boolean isLow() {
    return low;
  }

  /**
   * Whether there is too little room to flush the store: a flush would fail and end the process.
   */
  boolean tooFullToFlush() {
    return tooFullToFlush;
  }

  /** Looks at the disk from now on. */
  void start() {
    if (lane != null) {
      lane.run(() -> lookEvery(lane));
    }
  }

  void close() {
    if (lane != null) {
      lane.close();
    }
  }

  private void lookEvery(Lane on) {
    long next = LOOK_NANOS;
    try {
      long free = host.disk().freeBytes();
      look(free);
      next = low || reserve.isNear(free) ? LOOK_OFTEN_NANOS : LOOK_NANOS;
    } catch (IOException e) {
      unknown.happened("error", DiskTrouble.words(e));
    } finally {
      on.after(next, () -> lookEvery(on));
    }
  }

  /** Raises or ends the alarm, given the free bytes. */
  void look(long free) throws IOException {
    tooFullToFlush = free < reserve.toStart();
    metrics.diskLookedAt(free, reserve.mark());
    boolean is = reserve.isLow(free, low);
    if (is != low) {
      low = is;
      tell(free);
    }
    warn(free);
    boolean ours = host.disk().exists(RAISED);
    if (low && !facts.get().alarms().contains(alarm)) {
      if (!ours) {
        note();
      }
      propose(true, () -> {});
    } else if (!low && ours) {
      propose(false, this::taken);
    }
  }

  /** The end of the alarm is applied: no older entry raises the alarm again. */
  private void taken() {
    Lane on = lane;
    if (on != null) {
      on.run(this::forget);
    }
  }

  private void forget() {
    try {
      if (!low) {
        host.disk().delete(RAISED);
      }
    } catch (IOException e) {
      NOT_NOTED.log("error", DiskTrouble.words(e));
    }
  }

  /** Says once that room gets scarce, before puts are refused. */
  private void warn(long free) {
    boolean is = reserve.isScarce(free, scarce);
    if (is && !scarce && !low) {
      SCARCE.log("free-mib", free >> 20, "needed-mib", reserve.mark() >> 20);
    }
    scarce = is;
  }

  private void tell(long free) {
    LogEvent event = low ? LOW : ROOM;
    event.log("free-mib", free >> 20, "needed-mib", reserve.toEnd() >> 20);
  }

  /** Without room for the note the alarm is raised all the same, and an operator has to end it. */
  private void note() {
    try {
      host.disk().create(RAISED).close();
      host.disk().forceDirectory("");
    } catch (IOException e) {
      NOT_NOTED.log("error", DiskTrouble.words(e));
    }
  }

  private void propose(boolean active, Runnable applied) {
    long now = host.clock().nanos();
    if (knowsLeader.getAsBoolean() && (!proposed || now - proposedAtNanos >= AGAIN_NANOS)) {
      proposed = true;
      proposedAtNanos = now;
      propose.accept(
          new Command.SetAlarm(alarm, active),
          outcome -> {
            if (outcome instanceof Outcome.Answered) {
              applied.run();
            } else {
              proposed = false;
            }
          });
    }
  }
}
