package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.lanes.HandHost;
import io.balsa.lanes.HandLane;
import io.balsa.raft.Input;
import io.balsa.wal.MemoryDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** How time becomes ticks, and what a late tick or a slow disk leads to. */
class TickerTest {
  private static final long MS = 1_000_000;

  private final HandHost host = new HandHost(new MemoryDisk(1));
  private final HandLane lane = host.lane("raft");
  private final List<Input> inputs = new ArrayList<>();
  private final List<Long> pauses = new ArrayList<>();
  private long forcingNanos;
  private final Ticker ticker =
      new Ticker(
          host,
          lane,
          inputs::add,
          () -> forcingNanos,
          new Ticker.Limits(100 * MS, 500 * MS),
          pauses::add);

  private void pass(long nanos) {
    host.clock().pass(nanos);
    lane.drain();
  }

  private long ticks() {
    return inputs.stream().filter(Input.Tick.class::isInstance).count();
  }

  @Test
  void tenMillisecondsAreOneTick() {
    ticker.start();
    pass(9 * MS);
    assertThat(ticks()).isZero();
    pass(MS);
    pass(10 * MS);
    assertThat(ticks()).isEqualTo(2);
    assertThat(pauses).containsExactly(0L, 0L);
  }

  @Test
  void aLateTickIsMadeUpFor() {
    ticker.start();
    pass(35 * MS);
    assertThat(ticks()).isEqualTo(3);
    pass(10 * MS);
    assertThat(ticks()).as("45 ms have passed").isEqualTo(4);
    pass(10 * MS);
    assertThat(ticks()).isEqualTo(5);
    assertThat(pauses).as("each time once, however many ticks").hasSize(3);
  }

  @Test
  void noMoreThanFiveTicksAreMadeUpFor() {
    ticker.start();
    pass(90 * MS);
    assertThat(ticks()).isEqualTo(5);
    pass(10 * MS);
    assertThat(ticks()).as("the rest is forgotten").isEqualTo(6);
    assertThat(pauses).containsExactly(0L, 0L);
  }

  @Test
  void aPauseIsCounted() {
    ticker.start();
    pass(100 * MS);
    pass(10 * MS);
    pass(3_000 * MS);
    assertThat(pauses).containsExactly(1L, 1L, 2L);
  }

  @Test
  void aDiskThatStallsIsReportedOnceAndItsRecoveryOnce() {
    ticker.start();
    forcingNanos = 500 * MS;
    pass(10 * MS);
    assertThat(inputs).noneMatch(Input.DiskStalled.class::isInstance);
    forcingNanos = 500 * MS + 1;
    pass(10 * MS);
    pass(10 * MS);
    assertThat(inputs).filteredOn(Input.DiskStalled.class::isInstance).hasSize(1);
    forcingNanos = 0;
    pass(10 * MS);
    pass(10 * MS);
    assertThat(inputs).filteredOn(Input.DiskRecovered.class::isInstance).hasSize(1);
    assertThat(inputs.indexOf(new Input.DiskStalled()))
        .isLessThan(inputs.indexOf(new Input.DiskRecovered()));
  }

  @Test
  void aStallIsReportedBeforeTheTicks() {
    ticker.start();
    forcingNanos = 600 * MS;
    pass(10 * MS);
    assertThat(inputs.getFirst()).isEqualTo(new Input.DiskStalled());
  }

  /** The line may block, when its file is on the same disk. */
  @Test
  void aStallIsReportedBeforeItsLine() {
    List<List<Input>> atLine = new ArrayList<>();
    Logger log = Logger.getLogger("io.balsa.node");
    Filter before = log.getFilter();
    log.setFilter(_ -> atLine.add(List.copyOf(inputs)));
    try {
      ticker.start();
      forcingNanos = 600 * MS;
      pass(10 * MS);
    } finally {
      log.setFilter(before);
    }
    assertThat(atLine.getFirst()).contains(new Input.DiskStalled());
  }

  @Test
  void afterTheStopNoTickComes() {
    ticker.start();
    pass(10 * MS);
    ticker.stop();
    ticker.stop();
    pass(10 * MS);
    pass(10 * MS);
    assertThat(ticks()).isEqualTo(1);
    assertThat(pauses).hasSize(1);
  }
}
