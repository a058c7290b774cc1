package io.balsa.node.watches;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.auth.AuthState;
import io.balsa.host.Lane;
import io.balsa.lanes.PlainLane;
import io.balsa.lanes.StillClock;
import io.balsa.node.apply.AppliedFacts;
import io.balsa.node.reads.ReadLane;
import io.balsa.rows.Tombstones;
import io.balsa.watch.WatchAnswer;
import io.balsa.watch.WatchLimits;
import io.balsa.watch.WatchSink;
import io.balsa.watch.Watching;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchesTest {
  private final List<String> told = new ArrayList<>();
  private Runnable recover = () -> {};

  private final Watches watches =
      new Watches(
          recovering -> {
            recover = recovering;
            return new Serving();
          },
          new StillClock(),
          new ReadLane(new PlainLane(), new StillClock(), () -> null, () -> 0),
          () ->
              new AppliedFacts(
                  0, 0, 0, 0, true, 0, 0, 0, Tombstones.NONE, List.of(), List.of(), AuthState.NONE),
          () -> AuthState.NONE,
          WatchLimits.DEFAULT);

  /** The hub's state may be wrong after a task that failed half-way. */
  @Test
  void afterATaskThatFailedAllStreamsEndAndNewOnesWork() {
    Watching one = watches.open(new Sink("one"));
    Watching other = watches.open(new Sink("other"));
    one.then(() -> told.add("one works"));
    other.then(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    assertThat(told).containsExactly("one works", "one FAILED", "other FAILED");
    assertThat(watches.wanted()).isFalse();
    one.then(() -> told.add("one works again"));
    watches.open(new Sink("third")).then(() -> told.add("third works"));
    assertThat(told).hasSize(4).endsWith("third works");
    assertThat(watches.wanted()).isTrue();
  }

  /** A task that fails must not take the tasks behind it along. */
  @Test
  void theTasksBehindOneThatFailedAreStillDone() {
    Watching one = watches.open(new Sink("one"));
    one.then(
        () -> {
          one.then(
              () -> {
                throw new IllegalStateException("on purpose");
              });
          watches.open(new Sink("next")).then(() -> told.add("next works"));
        });
    assertThat(told).containsExactly("one FAILED", "next works");
  }

  /** Runs tasks one after the other and goes on after a failure, as a service lane does. */
  private final class Serving implements Lane {
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;

    @Override
    public void run(Runnable task) {
      waiting.add(task);
      if (busy) {
        return;
      }
      busy = true;
      for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
        work(next);
      }
      busy = false;
    }

    private void work(Runnable task) {
      try {
        task.run();
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("on purpose");
        recover.run();
      }
    }

    @Override
    public void after(long delayNanos, Runnable task) {}

    @Override
    public void close() {}
  }

  private final class Sink implements WatchSink {
    private final String name;

    Sink(String name) {
      this.name = name;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void send(WatchAnswer answer) {
      told.add(name + " is told");
    }

    @Override
    public void end(End why) {
      told.add(name + " " + why);
    }
  }
}
