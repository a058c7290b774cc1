package io.balsa.node;

import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.lanes.Outcome;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The stop of a server: it moves the leadership to another server, then waits until open requests
 * are answered. Both have a time limit.
 */
final class Shutdown {
  private static final long MILLISECOND = 1_000_000;
  private static final long LOOK_EVERY_NANOS = 5 * MILLISECOND;
  private static final long HAND_OVER_NANOS = 1_500 * MILLISECOND;
  private static final long DRAIN_NANOS = 1_000 * MILLISECOND;

  private final Host host;
  private final Lane lane;
  private final BiConsumer<Long, Consumer<Outcome>> moveLeader;
  private final BooleanSupplier drained;
  private final Runnable end;
  private boolean draining;

  Shutdown(
      Host host,
      Lane lane,
      BiConsumer<Long, Consumer<Outcome>> moveLeader,
      BooleanSupplier drained,
      Runnable end) {
    this.host = host;
    this.lane = lane;
    this.moveLeader = moveLeader;
    this.drained = drained;
    this.end = end;
  }

  /**
   * Begins. A server that does not lead, or whose leadership does not move in time, goes on to the
   * open requests.
   */
  void begin() {
    moveLeader.accept(Transfers.ANYBODY, _ -> lane.run(this::startDraining));
    lane.after(HAND_OVER_NANOS, this::startDraining);
  }

  private void startDraining() {
    if (!draining) {
      draining = true;
      drain(host.clock().nanos() + DRAIN_NANOS);
    }
  }

  private void drain(long deadlineNanos) {
    if (drained.getAsBoolean() || host.clock().nanos() - deadlineNanos >= 0) {
      end.run();
    } else {
      lane.after(LOOK_EVERY_NANOS, () -> drain(deadlineNanos));
    }
  }
}
