package io.balsa.node;

import io.balsa.backups.Backup;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.host.Network;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.model.Alarm;
import io.balsa.model.Changes;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.node.apply.AppliedFacts;
import io.balsa.node.apply.ApplyLane;
import io.balsa.node.leases.LeaseDesk;
import io.balsa.node.peers.Peers;
import io.balsa.node.reads.ReadDesk;
import io.balsa.node.snapshots.Snapshots;
import io.balsa.node.watches.Watches;
import io.balsa.node.writes.CommandDesk;
import io.balsa.node.writes.Proposals;
import io.balsa.raft.Effect;
import io.balsa.raft.Input;
import io.balsa.raft.Raft;
import io.balsa.raft.RaftStatus;
import io.balsa.raft.Role;
import io.balsa.wal.Identity;
import io.balsa.wire.Frame;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The parts of one server, from its start to its end, and what each of them tells the others. Its
 * methods may be called from any thread, but where a lane is named.
 */
final class NodeAssembly {
  private static final System.Logger LOG = System.getLogger("io.balsa.node");

  private static final int TICKS_PER_EXPIRY = 10;
  private static final int TICKS_PER_ROUND = 100;

  private final NodeConfig config;
  private final Host host;
  private final Identity identity;
  private final Lane lane;
  private final Lane answers;
  private final Proposals proposals;
  private final CommandDesk commands;
  private final LogLane log;
  private final ApplyLane apply;
  private final ReadDesk reads;
  private final Watches watches;
  private final Snapshots snapshots;
  private final Transfers transfers;
  private final Peers peers;
  private final LeaseDesk leases;
  private final RaftLane raft;
  private final DiskRoom room;
  private final Housekeeping housekeeping;
  private final Ticker ticker;
  private final HashComparison hashes = new HashComparison();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private long ticks;
  private volatile RaftStatus raftStatus;
  private volatile long pausesSeen;

  /** All of them, at rest, over a data directory that is open. */
  NodeAssembly(
      NodeConfig config, Host host, Network network, Boot.Opened opened, NodeMetrics metrics) {
    this.config = config;
    this.host = host;
    long timeout = config.requestTimeoutNanos();
    int messageBytesMax = config.raft().messageBytesMax();
    var machine = new Raft(config.raft(), opened.recovered());
    identity = opened.wal().identity();
    lane = host.networkLane("raft");
    answers = host.serviceLane("answers");
    proposals =
        new Proposals(
            identity.boot(),
            config.pendingBytesMax(),
            messageBytesMax,
            metrics,
            host.clock(),
            answers::run);
    log = new LogLane(host, opened.wal(), metrics, this::post);
    apply =
        new ApplyLane(
            host,
            identity,
            opened.opener(),
            opened.state(),
            proposals,
            metrics,
            this::post,
            new AfterApply());
    reads = new ReadDesk(host, apply, timeout, () -> raftStatus().term(), this::wake, answers::run);
    CommandDesk.Scale scale =
        (op, room, light, ended) -> reads.weigh(op, room, config.limits(), light, ended);
    commands =
        new CommandDesk(host, identity, proposals, timeout, this::wake, scale, apply::isDeleting);
    watches =
        new Watches(
            recover -> host.serviceLane("watches", recover),
            host.clock(),
            reads.lane("history"),
            apply::facts,
            config.watchLimits());
    snapshots = new Snapshots(host, apply, this::post);
    transfers = new Transfers(identity.member(), () -> apply.facts().revision(), answers::run);
    peers = peers(network, metrics);
    long electionNanos = config.raft().electionTicks() * Ticker.TICK_NANOS;
    var forLeases = new LeaseDesk.Settings(config.self(), electionNanos, timeout);
    leases = new LeaseDesk(host, forLeases, identity.boot(), apply, reads, new ForLeases());
    var others =
        new RaftLane.Others(log, apply, snapshots, peers, proposals, reads.waiting(), transfers);
    raft = new RaftLane(lane, machine, messageBytesMax, others, metrics, this::roleChanged);
    room = new DiskRoom(host, config, apply, () -> raftStatus().leader() != 0, commands::propose);
    housekeeping =
        new Housekeeping(host, config, identity, lane, raft, log, apply, snapshots, room, commands);
    ticker = ticker();
    raftStatus = raft.status();
  }

  private Peers peers(Network network, NodeMetrics metrics) {
    return new Peers(
        host,
        network,
        lane,
        identity,
        () -> apply.facts().members(),
        metrics,
        this::post,
        new FromPeers());
  }

  private Ticker ticker() {
    long pauseNanos = config.raft().electionTicks() * Ticker.TICK_NANOS / 2;
    return new Ticker(host, lane, raft, log, pauseNanos, config.stallNanos(), this::eachTick);
  }

  /**
   * Takes part from now on.
   *
   * @throws java.io.UncheckedIOException when peers cannot be listened to; it is at its end then
   */
  void start() {
    peers.listen();
    lane.run(
        () -> {
          snapshots.logStartsAfter(raft.status().first() - 1);
          peers.connect();
          ticker.start();
        });
    room.start();
  }

  CommandDesk commands() {
    return commands;
  }

  ReadDesk reads() {
    return reads;
  }

  LeaseDesk leases() {
    return leases;
  }

  Watches watches() {
    return watches;
  }

  long member() {
    return identity.member();
  }

  /** Raft's state as of this moment, its own invariants checked; on the raft lane. */
  RaftStatus inspect() {
    return raft.verified();
  }

  /** Raft's state, some milliseconds old at most. */
  RaftStatus raftStatus() {
    return raftStatus;
  }

  long appliedIndex() {
    return apply.facts().applied();
  }

  NodeStatus status() {
    AppliedFacts facts = apply.facts();
    return new NodeStatus(
        identity.clusterId(),
        raftStatus,
        facts.applied(),
        facts.revision(),
        facts.compactRevision(),
        facts.hash(),
        housekeeping.sizeBytes(),
        facts.usedBytes(),
        facts.members(),
        facts.alarms(),
        pausesSeen);
  }

  void backup(Consumer<Backup> ready, Consumer<Outcome.Failure> failed) {
    if (stopping.get()) {
      failed.accept(Outcome.Failure.STOPPED);
    } else {
      snapshots.backup(identity, ready, failed);
    }
  }

  void moveLeader(long target, Consumer<Outcome> done) {
    if (stopping.get()) {
      done.accept(new Outcome.Failed(Outcome.Failure.STOPPED));
    } else {
      handOver(target, done);
    }
  }

  private void handOver(long target, Consumer<Outcome> done) {
    long deadline = host.clock().nanos() + config.requestTimeoutNanos();
    lane.run(
        () ->
            transfers
                .ask(target, raft.role(), raft.status().configuration(), deadline, done)
                .ifPresent(raft::step));
  }

  /** Hands over, drains and ends; tells this one, too, when nothing runs any more. */
  void stop(Runnable stopped) {
    var _ = ended.thenRun(stopped);
    if (!stopping.getAndSet(true)) {
      commands.stop();
      reads.stop();
      new Shutdown(host, lane, this::handOver, this::isDrained, this::end).begin();
    }
  }

  private boolean isDrained() {
    return commands.isEmpty() && proposals.isEmpty();
  }

  /** Ends without ado. */
  void end() {
    ticker.stop();
    peers.close();
    commands.close();
    proposals.close();
    reads.waiting().close();
    transfers.close();
    leases.close();
    watches.close();
    snapshots.close();
    room.close();
    housekeeping.close(() -> apply.close(() -> log.close(this::endLane)));
  }

  /** Whoever is still to be told what became of a request is told before the end. */
  private void endLane() {
    lane.run(
        () -> {
          lane.close();
          answers.run(
              () -> {
                answers.close();
                var _ = ended.complete(null);
              });
        });
  }

  private void post(Input input) {
    raft.post(input);
  }

  private void wake() {
    raft.wake();
  }

  private void eachTick() {
    ticks++;
    raft.retry();
    if (ticks % TICKS_PER_EXPIRY == 0) {
      long now = host.clock().nanos();
      Effect.RoleChanged role = raft.role();
      commands.expire(now, role.leader() != 0);
      proposals.expire(now, role.leader() == 0 ? 0 : role.term());
      reads.waiting().expire(now);
      transfers.expire(now);
      leases.tick();
    }
    if (ticks % TICKS_PER_ROUND == 0) {
      housekeeping.round();
    }
    raftStatus = raft.status();
    pausesSeen = ticker.pausesSeen();
  }

  private void roleChanged(Effect.RoleChanged change) {
    raftStatus = raft.status();
    leases.roleChanged(change);
    if (change.leader() != 0) {
      LOG.log(
          Level.INFO,
          "term {0}: {1} leads",
          Long.toString(change.term()),
          change.role() == Role.LEADER ? "this server" : Long.toHexString(change.leader()));
    }
  }

  /** Replicas differ: an alarm for all, which stops writing until an operator has looked. */
  private void differ(long index) {
    LOG.log(Level.ERROR, "replicas differ after entry {0}", Long.toString(index));
    commands.propose(new Command.SetAlarm(new Alarm(identity.member(), Alarm.Kind.CORRUPT), true));
  }

  /** What leases need of this server. */
  private final class ForLeases implements LeaseDesk.Server {
    @Override
    public void propose(Command command, Consumer<Outcome> done) {
      commands.propose(command, done);
    }

    @Override
    public void send(long to, Frame frame) {
      lane.run(() -> peers.send(to, frame));
    }

    @Override
    public long term() {
      return raftStatus.term();
    }
  }

  /** What peers send that is not Raft's. */
  private final class FromPeers implements Peers.Others {
    @Override
    public void received(Frame.StateHash hash) {
      lane.run(() -> hashes.told(hash).ifPresent(NodeAssembly.this::differ));
    }

    @Override
    public void received(long from, Frame.OfLease frame) {
      leases.received(from, frame);
    }

    @Override
    public void asked(List<Long> indexes, Consumer<Frame.EntriesAnswer> answer) {
      log.answer(indexes, answer);
    }
  }

  /** What applying leads to elsewhere; called on the apply lane. */
  private final class AfterApply implements ApplyLane.Listener {
    @Override
    public void applied(AppliedFacts facts) {
      reads.applied();
      housekeeping.applied(facts);
    }

    @Override
    public boolean wantsChanges() {
      return watches.wanted();
    }

    @Override
    public void changed(List<Changes> changes, AppliedFacts facts) {
      watches.applied(changes, facts);
    }

    @Override
    public void count(Range range, AnswerRoom room, Consumer<Result.Range> counted) {
      reads.count(range, room, counted);
    }

    @Override
    public void hashed(long index, long hash) {
      lane.run(() -> compare(index, hash));
    }

    private void compare(long index, long hash) {
      hashes.own(index, hash).ifPresent(NodeAssembly.this::differ);
      Effect.RoleChanged role = raft.role();
      if (role.leader() != 0 && role.leader() != identity.member()) {
        peers.send(role.leader(), new Frame.StateHash(index, hash));
      }
    }

    @Override
    public void leasesChanged(List<EntryToApply> entries, List<Result> results) {
      leases.applied(entries, results);
    }

    @Override
    public void proposalsWait() {
      raft.wake();
    }

    @Override
    public void membersChanged() {
      lane.run(
          () -> {
            housekeeping.checkOwnDisk();
            peers.membersChanged();
            housekeeping.flush();
          });
    }
  }
}
