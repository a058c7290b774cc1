package io.balsa.node;

import io.balsa.host.Clock;
import io.balsa.lanes.MemberNames;
import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;
import io.balsa.model.Member;
import io.balsa.node.leases.LeaseDesk;
import io.balsa.raft.Effect;
import io.balsa.raft.RaftStatus;
import io.balsa.raft.Role;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** What a change of role, term or leader leads to outside of Raft; on the raft lane. */
final class RoleChanges implements RaftLane.Listener {
  private static final LogEvent ELECTED = LogEvent.info("io.balsa.node", "a leader is elected");
  private static final LogEvent LOST =
      LogEvent.info("io.balsa.node", "the leader is lost, an election follows");

  private static final LogEvent NO_LEADER =
      LogEvent.warn(
          "io.balsa.node",
          "there is no leader, requests wait or fail",
          "start the other members, and check the network between the peer URLs");

  private static final LogEvent ELECTION =
      LogEvent.debug("io.balsa.node", "the role or the term has changed");

  /** An election takes less. */
  private static final long LEADERLESS_NANOS = 10_000_000_000L;

  private final Clock clock;
  private final PublishedStatus published;
  private final LeaseDesk leases;
  private final Supplier<List<Member>> members;
  private final RareLine leaderless = new RareLine(NO_LEADER);
  private long leader;
  private long leaderlessSinceNanos;

  /**
   * Nothing has changed yet.
   *
   * @param members the members, for their names
   */
  RoleChanges(
      Clock clock, PublishedStatus published, LeaseDesk leases, Supplier<List<Member>> members) {
    this.clock = clock;
    this.published = published;
    this.leases = leases;
    this.members = members;
    this.leaderlessSinceNanos = clock.nanos();
  }

  @Override
  public void roleChanged(Effect.RoleChanged change, RaftStatus status) {
    published.publish(status);
    leases.roleChanged(change);
    if (change.leader() != 0) {
      log(ELECTED, change, change.leader());
    } else if (leader != 0) {
      leaderlessSinceNanos = clock.nanos();
      log(LOST, change, leader);
    } else if (ELECTION.isOn()) {
      ELECTION.log("term", change.term(), "role", change.role());
    }
    leader = change.leader();
  }

  private void log(LogEvent event, Effect.RoleChanged change, long who) {
    event.log(
        "leader",
        MemberNames.of(members.get(), who),
        "leader-id",
        Long.toHexString(who),
        "term",
        change.term(),
        "this-server-leads",
        change.role() == Role.LEADER);
  }

  /** Time has passed: warns when there has been no leader for long. */
  void round() {
    long passed = clock.nanos() - leaderlessSinceNanos;
    if (leader == 0 && passed >= LEADERLESS_NANOS) {
      leaderless.happened("for", Duration.ofNanos(passed), "term", published.raft().term());
    }
  }
}
