package io.balsa.node;

import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.host.Network;
import io.balsa.lanes.NodeMetrics;
import io.balsa.node.apply.ApplyLane;
import io.balsa.node.leases.LeaseDesk;
import io.balsa.node.peers.Peers;
import io.balsa.node.reads.ReadDesk;
import io.balsa.node.snapshots.Snapshots;
import io.balsa.node.watches.Watches;
import io.balsa.node.writes.CommandDesk;
import io.balsa.node.writes.Proposals;
import io.balsa.raft.Input;
import io.balsa.raft.Raft;
import io.balsa.wal.Identity;

/**
 * Wires the parts of one server over an open data directory, bottom-up. Three parts are used by
 * parts that are built before them: the raft lane, what applying leads to, and what takes frames.
 * Each has a {@link Port}, which is filled here, before anything starts.
 */
final class NodeAssembly {
  private final NodeConfig config;
  private final Host host;
  private final NodeMetrics metrics;
  private final Identity identity;
  private final Lane lane;
  private final Lane answers;
  private final Port<RaftLane> raftPort = new Port<>("the raft lane");
  private final Port<ApplyListener.Targets> applyPort = new Port<>("what hears of applying");
  private final Port<PeerFrames.Targets> framesPort = new Port<>("what takes frames");

  private NodeAssembly(NodeConfig config, Host host, Identity identity, NodeMetrics metrics) {
    this.config = config;
    this.host = host;
    this.metrics = metrics;
    this.identity = identity;
    lane = host.networkLane("raft");
    answers = host.serviceLane("answers");
  }

  /** The parts, at rest. */
  static NodeParts of(
      NodeConfig config, Host host, Network network, Boot.Opened opened, NodeMetrics metrics) {
    return new NodeAssembly(config, host, opened.wal().identity(), metrics).wire(network, opened);
  }

  private NodeParts wire(Network network, Boot.Opened opened) {
    Raft machine = new Raft(config.raft(), opened.recovered());
    PublishedStatus published = new PublishedStatus(machine.status());
    Proposals proposals = proposals();
    LogLane log = new LogLane(host, opened.wal(), metrics, this::post);
    ApplyLane apply = apply(opened, proposals);
    ReadDesk reads = reads(apply, published);
    CommandDesk commands = commands(proposals, reads, apply);
    Watches watches = watches(reads, apply);
    Snapshots snapshots = new Snapshots(host, apply, this::post);
    Transfers transfers = transfers(apply);
    Peers peers = peers(network, apply);
    LeaseDesk leases = leases(apply, reads, new LeaseServer(lane, commands, peers, published));
    var others =
        new RaftLane.Others(log, apply, snapshots, peers, proposals, reads.waiting(), transfers);
    RoleChanges roles = roles(published, leases, apply);
    RaftLane raft = raft(machine, others, roles);
    DiskRoom diskRoom = diskRoom(apply, commands, published);
    Housekeeping housekeeping = housekeeping(raft, log, apply, snapshots, diskRoom, commands);
    var clients = new ClientParts(commands, proposals, reads, watches, leases, transfers);
    NodeTicks ticks = new NodeTicks(host.clock(), raft, clients, housekeeping, roles, published);
    Ticker ticker = ticker(raft, log, ticks);
    HashExchange hashes = new HashExchange(identity.member(), raft, peers, commands);
    fillPorts(raft, log, clients, housekeeping, peers, hashes);
    return new NodeParts(
        host,
        identity,
        lane,
        answers,
        clients,
        snapshots,
        peers,
        raft,
        log,
        apply,
        diskRoom,
        housekeeping,
        ticker,
        published);
  }

  private void fillPorts(
      RaftLane raft,
      LogLane log,
      ClientParts clients,
      Housekeeping housekeeping,
      Peers peers,
      HashExchange hashes) {
    LeaseDesk leases = clients.leases();
    raftPort.fill(raft);
    framesPort.fill(new PeerFrames.Targets(raft, log, leases, hashes));
    applyPort.fill(
        new ApplyListener.Targets(
            raft, clients.reads(), clients.watches(), leases, housekeeping, peers, hashes));
  }

  private RoleChanges roles(PublishedStatus published, LeaseDesk leases, ApplyLane apply) {
    return new RoleChanges(host.clock(), published, leases, () -> apply.facts().members());
  }

  private Transfers transfers(ApplyLane apply) {
    return new Transfers(identity.member(), () -> apply.facts().revision(), answers::run);
  }

  private DiskRoom diskRoom(ApplyLane apply, CommandDesk commands, PublishedStatus published) {
    return new DiskRoom(
        host, config, apply, () -> published.raft().leader() != 0, commands::propose, metrics);
  }

  private Housekeeping housekeeping(
      RaftLane raft,
      LogLane log,
      ApplyLane apply,
      Snapshots snapshots,
      DiskRoom diskRoom,
      CommandDesk commands) {
    return new Housekeeping(
        host, config, identity, lane, raft, log, apply, snapshots, diskRoom, commands);
  }

  private Proposals proposals() {
    return new Proposals(
        identity.boot(),
        config.pendingBytesMax(),
        config.raft().messageBytesMax(),
        metrics,
        host.clock(),
        answers::run);
  }

  private ApplyLane apply(Boot.Opened opened, Proposals proposals) {
    return new ApplyLane(
        host,
        identity,
        opened.opener(),
        opened.state(),
        proposals,
        metrics,
        this::post,
        new ApplyListener(lane, applyPort, new StateLog(host.clock())));
  }

  private ReadDesk reads(ApplyLane apply, PublishedStatus published) {
    return new ReadDesk(
        host,
        apply,
        config.requestTimeoutNanos(),
        () -> published.raft().term(),
        this::wake,
        answers::run);
  }

  private CommandDesk commands(Proposals proposals, ReadDesk reads, ApplyLane apply) {
    CommandDesk.Scale scale =
        (caller, op, room, light, ended) ->
            reads.weigh(caller, op, room, config.limits(), light, ended);
    return new CommandDesk(
        host,
        identity,
        proposals,
        config.requestTimeoutNanos(),
        this::wake,
        scale,
        apply::isDeleting);
  }

  private Watches watches(ReadDesk reads, ApplyLane apply) {
    return new Watches(
        recover -> host.serviceLane("watches", recover),
        host.clock(),
        reads.lane("history"),
        apply::facts,
        apply::auth,
        config.watchLimits());
  }

  private Peers peers(Network network, ApplyLane apply) {
    return new Peers(
        host,
        network,
        lane,
        identity,
        () -> apply.facts().members(),
        metrics,
        this::post,
        new PeerFrames(lane, framesPort));
  }

  private LeaseDesk leases(ApplyLane apply, ReadDesk reads, LeaseServer server) {
    var settings =
        new LeaseDesk.Settings(config.self(), electionNanos(), config.requestTimeoutNanos());
    return new LeaseDesk(host, settings, identity.boot(), apply, reads, server);
  }

  private RaftLane raft(Raft machine, RaftLane.Others others, RoleChanges changes) {
    return new RaftLane(lane, machine, config.raft().messageBytesMax(), others, metrics, changes);
  }

  private Ticker ticker(RaftLane raft, LogLane log, NodeTicks ticks) {
    var limits = new Ticker.Limits(electionNanos() / 2, config.stallNanos());
    return new Ticker(host, lane, raft::step, log::forcingNanos, limits, ticks::tick);
  }

  private long electionNanos() {
    return config.raft().electionTicks() * Ticker.TICK_NANOS;
  }

  private void post(Input input) {
    raftPort.get().post(input);
  }

  private void wake() {
    raftPort.get().wake();
  }
}
