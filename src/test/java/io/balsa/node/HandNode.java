package io.balsa.node;

import io.balsa.bytes.Bytes;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.lanes.HandHost;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.model.Command;
import io.balsa.model.Member;
import io.balsa.node.peers.HandPeer;
import io.balsa.raft.Message;
import io.balsa.raft.RaftConfig;
import io.balsa.raft.Role;
import io.balsa.wal.MemoryDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Member 1 of a cluster, whose lanes a test runs and whose peers a test plays. */
final class HandNode {
  static final long SELF = 1;
  private static final int ELECTION_TICKS = 20;

  final MemoryDisk disk;
  final HandHost host;
  private final NodeConfig config;
  private final MemoryMedium medium;
  final NodeParts parts;
  final NodeLife life;
  final Map<Long, HandPeer> peers = new TreeMap<>();
  final List<Outcome> outcomes = new ArrayList<>();

  /** One of so many servers, started, with no peer connected. */
  HandNode(int servers) throws StartupFailure {
    this(configOf(servers));
  }

  HandNode(NodeConfig config) throws StartupFailure {
    this(config, new MemoryDisk(1), new MemoryMedium());
  }

  private HandNode(NodeConfig config, MemoryDisk disk, MemoryMedium medium) throws StartupFailure {
    this.config = config;
    this.disk = disk;
    this.medium = medium;
    host = new HandHost(disk);
    Boot.Opened opened = new Boot(config, host, new MemoryEngines(medium)).open();
    parts = NodeAssembly.of(config, host, host.network(), opened, NodeMetrics.NONE);
    long timeout = config.requestTimeoutNanos();
    var moves = new LeadershipMoves(host, parts.lane(), timeout, parts.raft(), parts.transfers());
    life = new NodeLife(parts, moves);
    for (Member member : config.members()) {
      if (member.id() != SELF) {
        peers.put(member.id(), new HandPeer(member.id(), host.network(), host::run));
      }
    }
    life.start();
    host.run();
  }

  static NodeConfig configOf(int servers) {
    List<Member> members = new ArrayList<>();
    for (long id = 1; id <= servers; id++) {
      List<String> urls = List.of(HandPeer.addressOf(id));
      members.add(new Member(id, "m" + id, urls, List.of(), false, 0));
    }
    var self = new NodeConfig.Self(SELF, "m1", List.of("http://client"));
    return NodeConfig.of(HandPeer.CLUSTER, self, members)
        .withRaft(RaftConfig.defaults(SELF).withTicks(ELECTION_TICKS, 2))
        .withSegmentBytes(1 << 16);
  }

  /** A server of one that leads, and has applied what it proposes for itself. */
  static HandNode alone() throws StartupFailure {
    return alone(configOf(1));
  }

  static HandNode alone(NodeConfig config) throws StartupFailure {
    HandNode server = new HandNode(config);
    server.host.pass(3 * ELECTION_TICKS);
    return server;
  }

  /** The leader of three, in term 1; member 2 has voted and has the leader's log. */
  static HandNode leader() throws StartupFailure {
    return leader(configOf(3));
  }

  static HandNode leader(NodeConfig config) throws StartupFailure {
    HandNode server = new HandNode(config);
    server.peer(2).connect();
    for (int i = 0; i < 100 && server.parts.raft().role().role() != Role.LEADER; i++) {
      server.host.pass(1);
      server.grant(server.peer(2).received());
    }
    server.peer(2).send(new Message.AppendEntriesReply(1, 1));
    return server;
  }

  /** Starts again what has ended. */
  HandNode restarted() throws StartupFailure {
    disk.restart();
    return new HandNode(config, disk, medium);
  }

  /** Member 2 grants what it is asked for. */
  void grant(List<Message> asked) {
    for (Message message : asked) {
      if (message instanceof Message.PreVote vote) {
        peer(2).send(new Message.PreVoteReply(vote.term(), true));
      } else if (message instanceof Message.RequestVote vote) {
        peer(2).send(new Message.RequestVoteReply(vote.term(), true));
      }
    }
  }

  HandPeer peer(long id) {
    return Objects.requireNonNull(peers.get(id));
  }

  /** Proposes a put; its outcome follows among {@link #outcomes}. */
  void put(String key) {
    var put = new Command.Put(Bytes.utf8(key), Bytes.utf8("v"), 0, false, false, false);
    parts.commands().propose(put, outcomes::add);
    host.run();
  }
}
