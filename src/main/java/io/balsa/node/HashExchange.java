package io.balsa.node;

import io.balsa.logging.LogEvent;
import io.balsa.model.Alarm;
import io.balsa.model.Command;
import io.balsa.node.peers.Peers;
import io.balsa.node.writes.CommandDesk;
import io.balsa.raft.Effect;
import io.balsa.wire.Frame;

/**
 * Sends this server's rolling hash to the leader, compares what followers send, and raises the
 * alarm CORRUPT when replicas differ: no server takes writes until an operator has looked. Owned by
 * the raft lane.
 */
final class HashExchange {
  private static final LogEvent DIFFER =
      LogEvent.error(
          "io.balsa.node",
          "the members' data differ",
          "compare 'etcdctl endpoint hashkv' of all members, and restore the one that differs");

  private final long self;
  private final RaftLane raft;
  private final Peers peers;
  private final CommandDesk commands;
  private final HashComparison comparison = new HashComparison();

  /**
   * No hashes yet.
   *
   * @param self this server's member id
   */
  HashExchange(long self, RaftLane raft, Peers peers, CommandDesk commands) {
    this.self = self;
    this.raft = raft;
    this.peers = peers;
    this.commands = commands;
  }

  /** This server has applied up to an index at which replicas compare. */
  void applied(Frame.StateHash hash) {
    comparison.own(hash).ifPresent(this::differ);
    Effect.RoleChanged role = raft.role();
    if (role.leader() != 0 && role.leader() != self) {
      peers.send(role.leader(), hash);
    }
  }

  /** A follower sent its hash. */
  void received(Frame.StateHash hash) {
    comparison.ofFollower(hash).ifPresent(this::differ);
  }

  private void differ(long index) {
    DIFFER.log("index", index);
    commands.propose(new Command.SetAlarm(new Alarm(self, Alarm.Kind.CORRUPT), true));
  }
}
