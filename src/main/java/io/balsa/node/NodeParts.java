package io.balsa.node;

import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.node.apply.ApplyLane;
import io.balsa.node.leases.LeaseDesk;
import io.balsa.node.peers.Peers;
import io.balsa.node.reads.ReadDesk;
import io.balsa.node.snapshots.Snapshots;
import io.balsa.node.watches.Watches;
import io.balsa.node.writes.CommandDesk;
import io.balsa.node.writes.Proposals;
import io.balsa.wal.Identity;

/**
 * The parts of one server, wired by {@link NodeAssembly} and not started.
 *
 * @param lane the raft lane
 * @param answers the lane on which clients get what the raft lane gives up
 */
record NodeParts(
    Host host,
    Identity identity,
    Lane lane,
    Lane answers,
    ClientParts clients,
    Snapshots snapshots,
    Peers peers,
    RaftLane raft,
    LogLane log,
    ApplyLane apply,
    DiskRoom diskRoom,
    Housekeeping housekeeping,
    Ticker ticker,
    PublishedStatus published) {
  CommandDesk commands() {
    return clients.commands();
  }

  Proposals proposals() {
    return clients.proposals();
  }

  ReadDesk reads() {
    return clients.reads();
  }

  Watches watches() {
    return clients.watches();
  }

  LeaseDesk leases() {
    return clients.leases();
  }

  Transfers transfers() {
    return clients.transfers();
  }
}
