package io.balsa.node;

import io.balsa.node.leases.LeaseDesk;
import io.balsa.raft.Effect;
import io.balsa.raft.RaftStatus;
import io.balsa.raft.Role;
import java.lang.System.Logger.Level;

/** What a change of role, term or leader leads to outside of Raft; on the raft lane. */
final class RoleChanges implements RaftLane.Listener {
  private static final System.Logger LOG = System.getLogger("io.balsa.node");

  private final PublishedStatus published;
  private final LeaseDesk leases;

  RoleChanges(PublishedStatus published, LeaseDesk leases) {
    this.published = published;
    this.leases = leases;
  }

  @Override
  public void roleChanged(Effect.RoleChanged change, RaftStatus status) {
    published.publish(status);
    leases.roleChanged(change);
    if (change.leader() != 0) {
      LOG.log(
          Level.INFO,
          "term {0}: {1} leads",
          Long.toString(change.term()),
          change.role() == Role.LEADER ? "this server" : Long.toHexString(change.leader()));
    }
  }
}
