package io.balsa.sim;

import io.balsa.duties.CompactionPolicy;
import io.balsa.model.Member;
import io.balsa.model.StoreLimits;
import io.balsa.node.NodeConfig;
import io.balsa.raft.RaftConfig;
import io.balsa.watch.WatchLimits;
import java.util.ArrayList;
import java.util.List;
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

  /** What a disk writes whole or not at all; the least is that of memory that lasts. */
  private static final List<Integer> SECTORS = List.of(64, 512, 4096);

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
      long stallNanos,
      long inflightBytes,
      long uncommittedBytes,
      long unappliedBytes,
      long pendingBytes,
      StoreLimits limits,
      WatchLimits watches) {}

  /** What work on a disk takes, in nanoseconds. */
  record DiskSpeed(long min, long mean) {
    long draw(SimDice dice) {
      return min + dice.exponential(mean);
    }
  }

  static Scenario draw(SimDice dice, SimOptions options) {
    TreeMap<Fault, Long> faults = new TreeMap<>();
    for (Fault fault : Fault.values()) {
      boolean on = dice.chance(0.5);
      double rarity = fault.losesWhatWasForced() ? 20 : 1;
      long mean = (long) (rarity * dice.logUniform(3_000 * MILLISECOND, 60_000 * MILLISECOND));
      if (on && !options.without().contains(fault.name())) {
        faults.put(fault, mean);
      }
    }
    int drawnServers = dice.chance(0.7) ? 3 : 5;
    int drawnClients = 1 + dice.below(8);
    long perSecond = (long) dice.logUniform(5, 200);
    return new Scenario(
        options.servers() == 0 ? drawnServers : options.servers(),
        options.clients() == 0 ? drawnClients : options.clients(),
        1 + (int) dice.logUniform(1, 30),
        1_000 * MILLISECOND * drawnClients / perSecond,
        faults,
        weather(dice, faults),
        new DiskSpeed(20_000, (long) dice.logUniform(50_000, 5_000_000)),
        dice.pick(SECTORS),
        (long) dice.logUniform(500, 50_000),
        dice.chance(0.5) ? 0 : dice.logUniform(0.001, 0.1),
        bounds(dice));
  }

  /** Nothing goes wrong, and nothing is extreme. */
  static Scenario plain(int servers) {
    Bounds bounds =
        new Bounds(
            20,
            4,
            1 << 16,
            16,
            1 << 16,
            1 << 14,
            1 << 15,
            1 << 18,
            1_000,
            5_000 * MILLISECOND,
            1_000 * MILLISECOND,
            1 << 20,
            1 << 20,
            1 << 16,
            1 << 20,
            StoreLimits.DEFAULT,
            WatchLimits.DEFAULT);
    return new Scenario(
        servers,
        0,
        1,
        MILLISECOND,
        new TreeMap<>(),
        SimNetwork.Weather.FAIR,
        new DiskSpeed(20_000, 100_000),
        512,
        1_000,
        0,
        bounds);
  }

  private static SimNetwork.Weather weather(SimDice dice, TreeMap<Fault, Long> faults) {
    double loss = dice.logUniform(0.001, 0.3);
    double doubling = dice.logUniform(0.001, 0.5);
    return new SimNetwork.Weather(
        faults.containsKey(Fault.LOSS) ? loss : 0,
        faults.containsKey(Fault.DOUBLING) ? doubling : 0,
        (long) dice.logUniform(20_000, 2 * MILLISECOND),
        (long) dice.logUniform(20_000, 15 * MILLISECOND),
        !faults.containsKey(Fault.REORDERING));
  }

  private static Bounds bounds(SimDice dice) {
    int heartbeat = (int) dice.between(2, 10);
    int message = dice.chance(0.2) ? 1 : (int) dice.logUniform(100, 1 << 20);
    return new Bounds(
        heartbeat * (int) dice.between(4, 10),
        heartbeat,
        message,
        dice.chance(0.2) ? 1 : 1 + (int) dice.logUniform(1, 64),
        (int) dice.logUniform(1, 1 << 20),
        (int) dice.logUniform(512, 1 << 16),
        dice.chance(0.5) ? 4096 : 1 << 15,
        (long) dice.logUniform(1 << 10, 1 << 18),
        dice.chance(0.2) ? 5 : (long) dice.logUniform(1, 300),
        dice.between(1_000, 5_000) * MILLISECOND,
        dice.between(200, 2_000) * MILLISECOND,
        dice.chance(0.2) ? message : Math.max(1 << 20, message),
        dice.chance(0.1) ? 400 : 1 << 20,
        dice.chance(0.2) ? 1 : 1 << 16,
        dice.chance(0.1) ? 400 : 1 << 20,
        dice.chance(0.3) ? StoreLimits.DEFAULT : limits(dice),
        dice.chance(0.5) ? WatchLimits.DEFAULT : watches(dice));
  }

  /** Small ones: what is large in life is what two events make here. */
  private static WatchLimits watches(SimDice dice) {
    return new WatchLimits(
        1 + dice.below(3),
        (long) dice.logUniform(1, 1 << 10),
        (long) dice.logUniform(1, 1 << 10),
        (long) dice.logUniform(1, 100),
        (long) dice.logUniform(1, 100),
        (long) dice.logUniform(1, 1 << 12),
        (long) dice.logUniform(100, 1 << 16),
        1 << 20);
  }

  /** So small that deletions are swept in many pieces, and watchers are told from the store. */
  private static StoreLimits limits(SimDice dice) {
    StoreLimits usual = StoreLimits.DEFAULT;
    return new StoreLimits(
        (int) dice.between(1, 4),
        dice.chance(0.5) ? 1 : usual.deletionBytes(),
        (int) dice.between(1, 4),
        dice.chance(0.3) ? 1 : usual.sweepBytes(),
        usual.tombstonesMax(),
        usual.txnKeys(),
        usual.answerBytes(),
        dice.chance(0.5) ? 1 : usual.chunkBytes(),
        dice.chance(0.5) ? (long) dice.logUniform(1, 1_000) : usual.changesBytes(),
        usual.leases());
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
            bounds.pendingBytes,
            bounds.requestTimeoutNanos,
            bounds.stallNanos,
            0,
            CompactionPolicy.OFF,
            bounds.limits)
        .with(bounds.watches);
  }

  private RaftConfig raftOf(long self) {
    return new RaftConfig(
        self,
        bounds.electionTicks,
        bounds.heartbeatTicks,
        bounds.messageBytes,
        bounds.inflightMessages,
        bounds.inflightBytes,
        bounds.uncommittedBytes,
        bounds.unappliedBytes,
        bounds.recentBytes,
        bounds.chunkBytes);
  }
}
