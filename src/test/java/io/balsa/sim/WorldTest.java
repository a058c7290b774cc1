package io.balsa.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorldTest {
  private final World world = new World(new Trace(null), (_, _) -> {});
  private final SimDice dice = new SimDice(7);
  private final SimHost host =
      new SimHost(
          world,
          1,
          new SimClock(world, 1, 0),
          dice,
          new SimDisk(world, 512),
          new SimNetwork(world, dice, (_, _, _, _) -> {}),
          1,
          () -> 1,
          new CrashPoints(new Coverage(), () -> {}),
          (_, _) -> {});
  private final List<String> done = new ArrayList<>();

  @Test
  void whatWaitsForTheEndOfAPauseComesBeforeWhatIsLater() {
    SimLane lane = (SimLane) host.lane("apply");
    host.pauseUntil(1_000);
    lane.run(() -> done.add("while paused"));
    lane.after(500, () -> done.add("timer"));
    world.runUntil(10);
    world.resume(host);
    lane.run(() -> done.add("after it"));
    world.runUntil(100);
    assertThat(done).containsExactly("while paused", "after it");
    world.runUntil(600);
    assertThat(done).endsWith("timer");
  }
}
