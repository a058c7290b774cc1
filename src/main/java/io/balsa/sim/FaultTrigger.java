package io.balsa.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the moment of the last fault. At a random moment a cluster is seldom in the middle of an
 * election, a transfer or a snapshot. So in most runs the trigger waits for such a message, and may
 * cut off its sender or receiver.
 */
final class FaultTrigger {
  private static final long PATIENCE_NANOS = 2_000_000_000L;
  private static final String TRANSFER = "TimeoutNow";
  private static final List<String> KINDS =
      List.of(
          TRANSFER,
          "RequestVote",
          "RequestVoteReply",
          "AppendEntries",
          "AppendEntriesRejected",
          "InstallSnapshot",
          "ForwardProposals",
          "ReadIndexRequest");

  private final World world;
  private final SimNetwork network;
  private final Faults faults;
  private final List<SimServer> servers;
  private final SimDice dice;

  FaultTrigger(
      World world, SimNetwork network, Faults faults, List<SimServer> servers, SimDice dice) {
    this.world = world;
    this.network = network;
    this.faults = faults;
    this.servers = servers;
    this.dice = dice;
  }

  /** Waits for the moment; returns the server that should be left out from then on, or null. */
  @Nullable SimServer await() {
    SimServer leader = faults.leader();
    if (dice.chance(0.4)) {
      return dice.chance(0.3) ? leader : null;
    }
    String kind = dice.pick(KINDS);
    if (kind.equals(TRANSFER) && leader != null) {
      faults.moveLeader(leader, dice.pick(servers).id());
    }
    boolean cutsOff = dice.chance(0.3);
    network.frames().await(kind, cutsOff);
    world.runUntil(world.now() + PATIENCE_NANOS, () -> network.frames().sender() != 0);
    world.trace().note(world.now(), network.frames().sender(), "the moment has come", kind);
    if (cutsOff) {
      world.runUntil(world.now() + (long) dice.logUniform(20_000_000, PATIENCE_NANOS));
    }
    network.frames().awaitNothing();
    int who = dice.below(3);
    long unwanted =
        who == 0 ? 0 : who == 1 ? network.frames().sender() : network.frames().receiver();
    return servers.stream().filter(each -> each.id() == unwanted).findFirst().orElse(null);
  }
}
