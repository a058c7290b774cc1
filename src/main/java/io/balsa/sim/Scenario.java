package io.balsa.sim;

import io.balsa.kv.Member;
import io.balsa.node.NodeConfig;
import io.balsa.raft.RaftConfig;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a seed's run is like: drawn at its beginning. Each kind of fault is off in half of all runs,
 * since a fault that is always there hides what others find.
 *
 * @param faults the kinds that happen, each with the mean time between two of it in nanoseconds
 * @param clientPauseNanos the mean time a client waits between two requests
 */
record Scenario(
    int servers,
    int clients,
    int keys,
    long clientPauseNanos,
    TreeMap<Fault, Long> faults,
    SimNetwork.Weather weather,
    DiskSpeed diskSpeed,
    int sectorBytes,
    long taskNanos,
    double clockDrift,
    Bounds bounds) {
  private static final long MILLISECOND = 1_000_000;
  private static final long CLUSTER = 0xBA15A;

  /** The servers' configuration, where it matters to what can go wrong. */
  record Bounds(
      int electionTicks,
      int heartbeatTicks,
      int messageBytes,
      int inflightMessages,
      int recentBytes,
      int chunkBytes,
      int segmentBytes,
      long retainBytes,
      long retainEntries,
      long requestTimeoutNanos,
      long stallNanos) {}

  /** What work on a disk takes, in nanoseconds. */
  record DiskSpeed(long min, long mean) {
    long draw(SimDice dice) {
      return min + dice.exponential(mean);
    }
  }

  static Scenario draw(SimDice dice, int servers) {
    Set<Fault> kinds = EnumSet.noneOf(Fault.class);
    for (Fault fault : Fault.values()) {
      if (dice.chance(0.5)) {
        kinds.add(fault);
      }
    }
    TreeMap<Fault, Long> faults = new TreeMap<>();
    for (Fault fault : kinds) {
      faults.put(fault, (long) dice.logUniform(500 * MILLISECOND, 8_000 * MILLISECOND));
    }
    int drawn = dice.chance(0.7) ? 3 : 5;
    return new Scenario(
        servers == 0 ? drawn : servers,
        1 + dice.below(6),
        1 + dice.below(5),
        (long) dice.logUniform(10 * MILLISECOND, 200 * MILLISECOND),
        faults,
        weather(dice),
        new DiskSpeed(20_000, (long) dice.logUniform(50_000, 5_000_000)),
        dice.chance(0.5) ? 512 : 4096,
        (long) dice.logUniform(500, 50_000),
        dice.chance(0.5) ? 0 : dice.logUniform(0.001, 0.1),
        bounds(dice));
  }

  private static SimNetwork.Weather weather(SimDice dice) {
    return new SimNetwork.Weather(
        dice.chance(0.5) ? 0 : dice.logUniform(0.001, 0.2),
        dice.chance(0.5) ? 0 : dice.logUniform(0.001, 0.3),
        (long) dice.logUniform(20_000, 2 * MILLISECOND),
        (long) dice.logUniform(20_000, 15 * MILLISECOND),
        dice.chance(0.5));
  }

  private static Bounds bounds(SimDice dice) {
    int heartbeat = (int) dice.between(2, 10);
    return new Bounds(
        heartbeat * (int) dice.between(4, 10),
        heartbeat,
        (int) dice.logUniform(100, 1 << 20),
        1 + (int) dice.logUniform(1, 64),
        (int) dice.logUniform(1, 1 << 20),
        (int) dice.logUniform(64, 1 << 16),
        dice.chance(0.5) ? 4096 : 1 << 15,
        (long) dice.logUniform(1 << 10, 1 << 18),
        (long) dice.logUniform(1, 300),
        dice.between(1_000, 5_000) * MILLISECOND,
        dice.between(200, 2_000) * MILLISECOND);
  }

  List<Long> ids() {
    List<Long> ids = new ArrayList<>();
    for (long id = 1; id <= servers; id++) {
      ids.add(id);
    }
    return ids;
  }

  NodeConfig configOf(long self) {
    List<Member> members =
        ids().stream()
            .map(id -> new Member(id, "", List.of(SimNetwork.addressOf(id)), List.of(), false, 0))
            .toList();
    return new NodeConfig(
        CLUSTER,
        self,
        "server-" + self,
        List.of("client-" + self),
        members,
        raftOf(self),
        bounds.segmentBytes,
        bounds.retainBytes,
        bounds.retainEntries,
        1 << 20,
        bounds.requestTimeoutNanos,
        bounds.stallNanos,
        0);
  }

  private RaftConfig raftOf(long self) {
    return new RaftConfig(
        self,
        bounds.electionTicks,
        bounds.heartbeatTicks,
        bounds.messageBytes,
        bounds.inflightMessages,
        Math.max(1 << 20, bounds.messageBytes),
        1 << 20,
        1 << 16,
        bounds.recentBytes,
        bounds.chunkBytes);
  }
}
