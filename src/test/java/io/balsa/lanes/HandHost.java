package io.balsa.lanes;

import io.balsa.host.Clock;
import io.balsa.host.Dice;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.host.MapDisk;
import io.balsa.host.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A machine whose lanes a test steps, on a disk in memory. A halt is noted, and the caller goes on.
 */
public final class HandHost implements Host {
  private final StillClock clock = new StillClock();
  private final MapDisk disk = new MapDisk();
  private final Map<String, HandLane> lanes = new TreeMap<>();
  private final Map<String, Runnable> recoveries = new TreeMap<>();
  private final List<String> halts = new ArrayList<>();
  private long dice;

  public StillClock time() {
    return clock;
  }

  /** The lane that was opened under a name. */
  public HandLane lanes(String name) {
    return Objects.requireNonNull(lanes.get(name), name);
  }

  /** Runs the tasks of all lanes until there are none. */
  public void drain() {
    int run = 1;
    while (run > 0) {
      run = 0;
      for (HandLane lane : List.copyOf(lanes.values())) {
        run += lane.drain();
      }
    }
  }

  /** A task of a service lane has failed. */
  public void recover(String lane) {
    Objects.requireNonNull(recoveries.get(lane), lane).run();
  }

  /** The reasons of all halts. */
  public List<String> halts() {
    return halts;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public Dice dice() {
    return new Counted();
  }

  @Override
  public MapDisk disk() {
    return disk;
  }

  @Override
  public Network network() {
    throw new AssertionError("a part under test has no peers");
  }

  @Override
  public Lane lane(String name) {
    HandLane lane = new HandLane();
    lanes.put(name, lane);
    return lane;
  }

  @Override
  public Lane serviceLane(String name, Runnable recover) {
    recoveries.put(name, recover);
    return lane(name);
  }

  @Override
  public Lane networkLane(String name) {
    return lane(name);
  }

  @Override
  public void halt(String reason) {
    halts.add(reason);
  }

  /** Every number is greater than the last one. */
  private final class Counted implements Dice {
    @Override
    public int nextInt() {
      return (int) nextLong();
    }

    @Override
    public long nextLong() {
      dice += 1 << 10;
      return dice;
    }
  }
}
