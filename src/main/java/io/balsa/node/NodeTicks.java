package io.balsa.node;

import io.balsa.host.Clock;
import io.balsa.raft.Effect;

/**
 * What a server does at each tick: tries again what was refused, every tenth tick fails requests
 * that are overdue, and every hundredth runs a round of housekeeping. On the raft lane.
 */
final class NodeTicks {
  private static final int TICKS_PER_EXPIRY = 10;
  private static final int TICKS_PER_ROUND = 100;

  private final Clock clock;
  private final RaftLane raft;
  private final ClientParts clients;
  private final Housekeeping housekeeping;
  private final RoleChanges roles;
  private final PublishedStatus published;
  private long ticks;

  NodeTicks(
      Clock clock,
      RaftLane raft,
      ClientParts clients,
      Housekeeping housekeeping,
      RoleChanges roles,
      PublishedStatus published) {
    this.clock = clock;
    this.raft = raft;
    this.clients = clients;
    this.housekeeping = housekeeping;
    this.roles = roles;
    this.published = published;
  }

  /**
   * A tick has passed.
   *
   * @param pausesSeen how many times the process was found to have stood still
   */
  void tick(long pausesSeen) {
    ticks++;
    raft.onTick();
    if (ticks % TICKS_PER_EXPIRY == 0) {
      expire();
    }
    if (ticks % TICKS_PER_ROUND == 0) {
      housekeeping.round();
      roles.round();
    }
    published.publish(raft.status());
    published.publishPauses(pausesSeen);
  }

  private void expire() {
    long now = clock.nanos();
    Effect.RoleChanged role = raft.role();
    boolean knowsLeader = role.leader() != 0;
    clients.commands().expire(now, knowsLeader);
    clients.proposals().expire(now, knowsLeader ? role.term() : 0);
    clients.reads().waiting().expire(now);
    clients.transfers().expire(now);
    clients.leases().tick();
  }
}
