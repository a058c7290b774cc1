package io.balsa.sim;

import io.balsa.model.Member;
import io.balsa.model.StoreLimits;
import io.balsa.node.NodeConfig;
import io.balsa.raft.RaftConfig;
import io.balsa.watch.WatchLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The setting of one run, drawn from the seed at its beginning. Each kind of fault is off in half
 * of all runs, since a fault that always happens hides what other faults would find.
 *
 * @param faults the kinds of fault that happen, each with the mean time between two of its faults,
 *     in nanoseconds
 * @param clientPauseNanos the mean time that a client waits between two requests
 * @param taskNanos the time that a task takes on a lane
 * @param clockDrift a server's clock runs at most by this part too fast or too slow
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

  /** Sizes that a disk writes whole or not at all; 64 is that of persistent memory. */
  private static final List<Integer> SECTORS = List.of(64, 512, 4096);

  /**
   * The part of the servers' configuration that matters to what can go wrong. A trace prints it, so
   * the names and their order are part of each trace hash.
   */
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

  /** Bounds under construction: each has the value of {@link #plain} until it is set. */
  private static final class BoundsBuilder {
    private int electionTicks = 20;
    private int heartbeatTicks = 4;
    private int messageBytes = 1 << 16;
    private int inflightMessages = 16;
    private int recentBytes = 1 << 16;
    private int chunkBytes = 1 << 14;
    private int segmentBytes = 1 << 15;
    private long retainBytes = 1 << 18;
    private long retainEntries = 1_000;
    private long requestTimeoutNanos = 5_000 * MILLISECOND;
    private long stallNanos = 1_000 * MILLISECOND;
    private long inflightBytes = 1 << 20;
    private long uncommittedBytes = 1 << 20;
    private long unappliedBytes = 1 << 16;
    private long pendingBytes = 1 << 20;
    private StoreLimits limits = StoreLimits.DEFAULT;
    private WatchLimits watches = WatchLimits.DEFAULT;

    private Bounds build() {
      return new Bounds(
          electionTicks,
          heartbeatTicks,
          messageBytes,
          inflightMessages,
          recentBytes,
          chunkBytes,
          segmentBytes,
          retainBytes,
          retainEntries,
          requestTimeoutNanos,
          stallNanos,
          inflightBytes,
          uncommittedBytes,
          unappliedBytes,
          pendingBytes,
          limits,
          watches);
    }
  }

  /** The time that one operation on a disk takes, in nanoseconds. */
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

  /** A setting without faults and without extreme bounds. */
  static Scenario plain(int servers) {
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
        new BoundsBuilder().build());
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

  /** The order of these lines is the order in which dice are rolled. */
  private static Bounds bounds(SimDice dice) {
    BoundsBuilder bounds = new BoundsBuilder();
    bounds.heartbeatTicks = (int) dice.between(2, 10);
    bounds.messageBytes = dice.chance(0.2) ? 1 : (int) dice.logUniform(100, 1 << 20);
    bounds.electionTicks = bounds.heartbeatTicks * (int) dice.between(4, 10);
    bounds.inflightMessages = dice.chance(0.2) ? 1 : 1 + (int) dice.logUniform(1, 64);
    bounds.recentBytes = (int) dice.logUniform(1, 1 << 20);
    bounds.chunkBytes = (int) dice.logUniform(512, 1 << 16);
    bounds.segmentBytes = dice.chance(0.5) ? 4096 : 1 << 15;
    bounds.retainBytes = (long) dice.logUniform(1 << 10, 1 << 18);
    bounds.retainEntries = dice.chance(0.2) ? 5 : (long) dice.logUniform(1, 300);
    bounds.requestTimeoutNanos = dice.between(1_000, 5_000) * MILLISECOND;
    bounds.stallNanos = dice.between(200, 2_000) * MILLISECOND;
    bounds.inflightBytes =
        dice.chance(0.2) ? bounds.messageBytes : Math.max(1 << 20, bounds.messageBytes);
    bounds.uncommittedBytes = dice.chance(0.1) ? 400 : 1 << 20;
    bounds.unappliedBytes = dice.chance(0.2) ? 1 : 1 << 16;
    bounds.pendingBytes = dice.chance(0.1) ? 400 : 1 << 20;
    bounds.limits = dice.chance(0.3) ? StoreLimits.DEFAULT : smallLimits(dice);
    bounds.watches = dice.chance(0.5) ? WatchLimits.DEFAULT : smallWatches(dice);
    return bounds.build();
  }

  /** So small that two events make a large revision. */
  private static WatchLimits smallWatches(SimDice dice) {
    int changes = 1 + dice.below(3);
    long pieceBytes = (long) dice.logUniform(1, 1 << 10);
    long wholeBytes = (long) dice.logUniform(1, 1 << 10);
    long partBytes = (long) dice.logUniform(1, 100);
    long fragmentBytes = (long) dice.logUniform(1, 100);
    long recentBytes = (long) dice.logUniform(1, 1 << 12);
    long waitingBytes = (long) dice.logUniform(100, 1 << 16);
    return new WatchLimits(
        changes,
        pieceBytes,
        wholeBytes,
        partBytes,
        fragmentBytes,
        recentBytes,
        waitingBytes,
        1 << 20);
  }

  /** So small that deletions are swept in many pieces, and that watchers read from the store. */
  private static StoreLimits smallLimits(SimDice dice) {
    StoreLimits usual = StoreLimits.DEFAULT;
    int deletionKeys = (int) dice.between(1, 4);
    long deletionBytes = dice.chance(0.5) ? 1 : usual.deletionBytes();
    int sweepKeys = (int) dice.between(1, 4);
    long sweepBytes = dice.chance(0.3) ? 1 : usual.sweepBytes();
    long chunkBytes = dice.chance(0.5) ? 1 : usual.chunkBytes();
    long changesBytes = dice.chance(0.5) ? (long) dice.logUniform(1, 1_000) : usual.changesBytes();
    return new StoreLimits(
        deletionKeys,
        deletionBytes,
        sweepKeys,
        sweepBytes,
        usual.tombstonesMax(),
        usual.txnKeys(),
        usual.answerBytes(),
        chunkBytes,
        changesBytes,
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
    return NodeConfig.of(
            CLUSTER,
            new NodeConfig.Self(self, "server-" + self, List.of("client-" + self)),
            members)
        .withRaft(raftOf(self))
        .withSegmentBytes(bounds.segmentBytes)
        .withRetainBytes(bounds.retainBytes)
        .withRetainEntries(bounds.retainEntries)
        .withPendingBytes(bounds.pendingBytes)
        .withRequestTimeout(bounds.requestTimeoutNanos)
        .withStall(bounds.stallNanos)
        .withLimits(bounds.limits)
        .withWatchLimits(bounds.watches);
  }

  private RaftConfig raftOf(long self) {
    return RaftConfig.defaults(self)
        .withTicks(bounds.electionTicks, bounds.heartbeatTicks)
        .withMessageBytes(bounds.messageBytes)
        .withInflightMessages(bounds.inflightMessages)
        .withInflightBytes(bounds.inflightBytes)
        .withUncommittedBytes(bounds.uncommittedBytes)
        .withUnappliedBytes(bounds.unappliedBytes)
        .withRecentBytes(bounds.recentBytes)
        .withChunkBytes(bounds.chunkBytes);
  }
}
