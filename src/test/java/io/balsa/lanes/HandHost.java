package io.balsa.lanes;

import io.balsa.host.Dice;
import io.balsa.host.Disk;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** A machine whose lanes, clock and links a test moves by hand. It keeps the reasons of halts. */
public final class HandHost implements Host {
  private final StillClock clock = new StillClock();
  private final HandNetwork network = new HandNetwork();
  private final TreeMap<String, HandLane> lanes = new TreeMap<>();
  private final Map<String, Runnable> recoveries = new TreeMap<>();
  private final TreeSet<String> held = new TreeSet<>();
  private final List<String> halts = new ArrayList<>();
  private final Disk disk;
  private long dice;

  public HandHost(Disk disk) {
    this.disk = disk;
  }

  @Override
  public HandLane lane(String name) {
    HandLane lane = new HandLane(clock);
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

  /** The lane that was opened last under a name. */
  public HandLane laneOf(String name) {
    return Objects.requireNonNull(lanes.get(name), name);
  }

  /** Runs all lanes until none has work; but not those held. */
  public void run() {
    boolean ran = true;
    while (ran) {
      ran = false;
      for (String name : List.copyOf(lanes.keySet())) {
        ran |= !held.contains(name) && laneOf(name).drain() > 0;
      }
    }
  }

  /** Time passes in ticks of 10 ms, after each of which the lanes run. */
  public void pass(int ticks) {
    for (int i = 0; i < ticks; i++) {
      clock.pass(10_000_000);
      run();
    }
  }

  /** A lane does not run with the others any more. */
  public void hold(String name) {
    held.add(name);
  }

  /** A lane that was held runs again. */
  public void release(String name) {
    held.remove(name);
    run();
  }

  /** A task of a service lane has failed. */
  public void recover(String lane) {
    Objects.requireNonNull(recoveries.get(lane), lane).run();
  }

  /** The reasons of all halts. */
  public List<String> halts() {
    return halts;
  }

  public boolean areAllClosed() {
    return lanes.values().stream().allMatch(HandLane::isClosed);
  }

  @Override
  public StillClock clock() {
    return clock;
  }

  @Override
  public Dice dice() {
    return new CountedDice();
  }

  @Override
  public Disk disk() {
    return disk;
  }

  @Override
  public HandNetwork network() {
    return network;
  }

  @Override
  public void halt(String reason) {
    halts.add(reason);
  }

  /** Every number is greater than the last one. */
  private final class CountedDice implements Dice {
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
