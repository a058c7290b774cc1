package io.balsa.node;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engines;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.kv.Alarm;
import io.balsa.kv.Applied;
import io.balsa.kv.Changes;
import io.balsa.kv.Command;
import io.balsa.kv.Envelope;
import io.balsa.kv.Envelope.RequestId;
import io.balsa.kv.HashKv;
import io.balsa.kv.Member;
import io.balsa.kv.Range;
import io.balsa.kv.Reader;
import io.balsa.kv.Reader.LeaseTable;
import io.balsa.kv.Result;
import io.balsa.kv.WatchSink;
import io.balsa.raft.Effect;
import io.balsa.raft.Input;
import io.balsa.raft.Raft;
import io.balsa.raft.RaftStatus;
import io.balsa.raft.Role;
import io.balsa.wal.Identity;
import io.balsa.wire.EnvelopeCodec;
import io.balsa.wire.Frame;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One server, as those see it who bring it requests: commands to replicate, reads, and a few
 * questions. Every method may be called from any thread and returns at once; a callback is called
 * exactly once, on one of the server's lanes, and must not block.
 */
public final class Node {
  private static final System.Logger LOG = System.getLogger("io.balsa.node");

  /** Reads that may wait in this server; beyond it clients are told that they are too many. */
  private static final int READS_MAX = 100_000;

  private static final int TICKS_PER_EXPIRY = 10;
  private static final int TICKS_PER_ROUND = 100;

  private final NodeConfig config;
  private final Host host;
  private final Identity identity;
  private final Lane lane;
  private final LogLane log;
  private final ApplyLane apply;
  private final Snapshots snapshots;
  private final Peers peers;
  private final Proposals proposals;
  private final Reads reads;
  private final ReadLane points;
  private final ReadLane scans;
  private final Watches watches;
  private final Transfers transfers;
  private final RaftLane raft;
  private final Ticker ticker;
  private final Housekeeping housekeeping;
  private final Lane duties;
  private final LeaseKeeper keeper;
  private final Leases leases;
  private final HashComparison hashes = new HashComparison();
  private final AtomicLong lastSequence = new AtomicLong();
  private final AtomicInteger openReads = new AtomicInteger();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private long ticks;
  private volatile RaftStatus raftStatus;
  private volatile long pausesSeen;
  private final AtomicBoolean stopping = new AtomicBoolean();

  /**
   * Opens the data directory and starts.
   *
   * @throws StartupFailure with one line saying what is wrong and what to do; nothing was changed
   */
  public static Node start(NodeConfig config, Host host, Engines engines, NodeMetrics metrics)
      throws StartupFailure {
    Node node = new Node(config, host, new Boot(config, host, engines).open(), metrics);
    try {
      node.peers.listen();
    } catch (UncheckedIOException e) {
      node.end();
      throw new StartupFailure(String.valueOf(e.getMessage()), e);
    }
    node.lane.run(node::begin);
    return node;
  }

  private Node(NodeConfig config, Host host, Boot.Opened opened, NodeMetrics metrics) {
    this.config = config;
    this.host = host;
    identity = opened.wal().identity();
    lane = host.lane("raft");
    proposals =
        new Proposals(
            identity.boot(), config.pendingBytesMax(), config.raft().messageBytesMax(), metrics);
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
    points = new ReadLane(host.lane("reads"), host.clock(), apply::state, this::applied);
    scans = new ReadLane(host.lane("scans"), host.clock(), apply::state, this::applied);
    reads = new Reads(points, scans);
    watches =
        new Watches(
            host.lane("watches"),
            host.clock(),
            new ReadLane(host.lane("history"), host.clock(), apply::state, this::applied),
            apply::facts);
    snapshots = new Snapshots(host, apply, this::post);
    transfers = new Transfers(identity.member(), () -> apply.facts().revision());
    peers =
        new Peers(
            host.network(),
            lane,
            identity,
            () -> apply.facts().members(),
            metrics,
            this::post,
            new FromPeers());
    duties = host.lane("duties");
    keeper =
        new LeaseKeeper(
            duties,
            host.clock(),
            new KeeperServer(),
            config.raft().electionTicks() * Ticker.TICK_NANOS);
    leases = new Leases(duties, host.clock(), identity.member(), keeper, new KeeperServer());
    raft =
        new RaftLane(
            lane,
            new Raft(config.raft(), opened.recovered()),
            config.raft().messageBytesMax(),
            new RaftLane.Others(log, apply, snapshots, peers, proposals, reads, transfers),
            metrics,
            this::roleChanged);
    housekeeping =
        new Housekeeping(
            host, config, identity.disk(), raft, log, apply, snapshots, this::proposeOwn);
    ticker =
        new Ticker(
            host,
            lane,
            raft,
            log,
            config.raft().electionTicks() * Ticker.TICK_NANOS / 2,
            config.stallNanos(),
            this::eachTick);
    raftStatus = raft.status();
  }

  private void begin() {
    snapshots.logStartsAfter(raft.status().first() - 1);
    peers.connect();
    ticker.start();
  }

  /**
   * Replicates a command and applies it. Any server takes it; a follower passes it to the leader.
   *
   * @param done gets the result, or why there is none
   */
  public void propose(Command command, Consumer<Outcome> done) {
    if (stopping.get()) {
      done.accept(new Outcome.Failed(Outcome.Failure.STOPPED));
      return;
    }
    long sequence = lastSequence.incrementAndGet();
    var request = new RequestId(identity.member(), identity.boot(), sequence);
    var encoded = EnvelopeCodec.encode(Envelope.of(request, command));
    if (proposals.add(sequence, encoded, deadline(), done)) {
      raft.wake();
    }
  }

  private void proposeOwn(Command command) {
    propose(command, _ -> {});
  }

  /**
   * Reads keys.
   *
   * @param linearizable whether to see every write acknowledged anywhere before the call; otherwise
   *     what is applied here
   */
  public void read(Range range, boolean linearizable, Consumer<Outcome> done) {
    boolean point = range.rangeEnd().isEmpty();
    read(!point, linearizable, done, reader -> reader.range(range));
  }

  /** Answers a transaction that changes nothing, from one view. */
  public void readTxn(Command.Txn txn, boolean linearizable, Consumer<Outcome> done) {
    read(true, linearizable, done, reader -> reader.txn(txn));
  }

  /** Answers once this server has applied all that was acknowledged anywhere before the call. */
  public void barrier(Consumer<Outcome> done) {
    read(false, true, done, _ -> new Result.Done(apply.facts().revision()));
  }

  private void read(
      boolean scan, boolean linearizable, Consumer<Outcome> done, Function<Reader, Result> query) {
    add(
        linearizable,
        new Read(
            scan,
            deadline(),
            reader -> done.accept(new Outcome.Answered(query.apply(reader), raftStatus.term())),
            failure -> done.accept(new Outcome.Failed(failure))));
  }

  private void add(boolean linearizable, Read read) {
    if (stopping.get()) {
      read.failed().accept(Outcome.Failure.STOPPED);
    } else if (openReads.get() >= READS_MAX) {
      read.failed().accept(Outcome.Failure.TOO_MANY_REQUESTS);
    } else if (linearizable) {
      reads.add(counted(read));
      raft.wake();
    } else {
      reads.serveLocally(counted(read));
    }
  }

  private Read counted(Read read) {
    openReads.incrementAndGet();
    return new Read(
        read.scan(),
        read.deadlineNanos(),
        reader -> {
          openReads.decrementAndGet();
          read.work().accept(reader);
        },
        failure -> {
          openReads.decrementAndGet();
          read.failed().accept(failure);
        });
  }

  /**
   * Opens a stream of watches, of what is applied here.
   *
   * @param sink gets the answers, on the watch lane
   */
  public Watching watch(WatchSink sink) {
    return watches.open(sink);
  }

  /** Has idle watches that ask for it told how far the store is; to be called once. */
  public void tellProgressEvery(Duration interval) {
    watches.tellProgressEvery(interval.toNanos());
  }

  /**
   * Hashes the store's history as it is here, as etcd's HashKV.
   *
   * @param revision up to which; 0 for the newest
   * @param failed told instead of {@code done} when this server cannot answer
   */
  public void hashKv(long revision, Consumer<HashKv> done, Consumer<Outcome.Failure> failed) {
    add(false, new Read(true, deadline(), reader -> done.accept(reader.hashKv(revision)), failed));
  }

  /**
   * Makes a backup of this server's store as it is; to be closed by who gets it.
   *
   * @param failed told instead of {@code ready} when this server cannot make one
   */
  public void backup(Consumer<Backup> ready, Consumer<Outcome.Failure> failed) {
    if (stopping.get()) {
      failed.accept(Outcome.Failure.STOPPED);
    } else {
      snapshots.backup(identity, ready);
    }
  }

  /**
   * Hands leadership to a member, if this server leads; answers when that member leads.
   *
   * @param target the member; 0 for any
   */
  public void moveLeader(long target, Consumer<Outcome> done) {
    lane.run(
        () ->
            transfers
                .ask(target, raft.role(), raft.status().configuration(), deadline(), done)
                .ifPresent(raft::step));
  }

  /**
   * Grants a lease.
   *
   * @param id 0 for one that this server chooses
   * @param ttl in seconds; raised to the least that this server grants
   */
  public void grantLease(long id, long ttl, Consumer<Outcome> done) {
    long election = config.raft().electionTicks() * Ticker.TICK_NANOS;
    long least = Math.ceilDiv(3 * election / 2, 1_000_000_000L);
    long chosen = id != 0 ? id : 1 + (host.dice().nextLong() >>> 2);
    propose(new Command.LeaseGrant(chosen, Math.max(least, ttl)), done);
  }

  /** Gives a lease its whole time again; {@link Result.LeaseTime} says how much that is. */
  public void keepAlive(long lease, Consumer<Outcome> done) {
    askLeader(lease, true, time -> done.accept(leaseTime(lease, time, List.of())), done);
  }

  /**
   * What is left of a lease, and the keys that hang on it.
   *
   * @param keys whether they are asked for
   */
  public void timeToLive(long lease, boolean keys, Consumer<Outcome> done) {
    askLeader(
        lease,
        false,
        time -> {
          if (keys && time.left() >= 0) {
            attached(lease, attached -> done.accept(leaseTime(lease, time, attached)), done);
          } else {
            done.accept(leaseTime(lease, time, List.of()));
          }
        },
        done);
  }

  private void askLeader(
      long lease, boolean renew, Consumer<Leases.Time> done, Consumer<Outcome> failed) {
    leases.ask(
        new Leases.Question(
            lease,
            renew,
            host.clock().nanos(),
            deadline(),
            done,
            failure -> failed.accept(new Outcome.Failed(failure))));
  }

  private Outcome leaseTime(long lease, Leases.Time time, List<Bytes> keys) {
    return new Outcome.Answered(
        new Result.LeaseTime(apply.facts().revision(), lease, time.left(), time.ttl(), keys),
        raftStatus.term());
  }

  private void attached(long lease, Consumer<List<Bytes>> done, Consumer<Outcome> failed) {
    add(
        true,
        new Read(
            true,
            deadline(),
            reader -> done.accept(reader.attached(lease)),
            failure -> failed.accept(new Outcome.Failed(failure))));
  }

  /** Which leases there are: {@link Result.Leases}. */
  public void leases(Consumer<Outcome> done) {
    read(true, true, done, Reader::leases);
  }

  /** This server now; Raft's part of it is some milliseconds old at most. */
  public NodeStatus status() {
    Facts facts = apply.facts();
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

  /**
   * Raft's state as of this moment, its own invariants checked; for simulations, where one thread
   * runs all lanes.
   */
  public RaftStatus inspect() {
    return raft.verified();
  }

  /** The member that leads, as far as this server knows; 0 for none. */
  public long leader() {
    return raftStatus.leader();
  }

  /** This server's member id. */
  public long memberId() {
    return identity.member();
  }

  /**
   * Hands leadership over if this server leads, takes no more requests, answers those it has as far
   * as a second allows, makes the store durable, and ends.
   *
   * @param stopped called when nothing of it runs any more
   */
  public void stop(Runnable stopped) {
    var _ = ended.thenRun(stopped);
    if (!stopping.getAndSet(true)) {
      new Shutdown(host, lane, this::moveLeader, proposals::isEmpty, this::end).begin();
    }
  }

  private void end() {
    ticker.stop();
    peers.close();
    proposals.failAll(Outcome.Failure.STOPPED);
    reads.failAll(Outcome.Failure.STOPPED);
    leases.close();
    duties.run(duties::close);
    watches.close();
    snapshots.close();
    housekeeping.close(() -> apply.close(() -> log.close(this::endLane)));
  }

  /** What came in while the server was already stopping is answered last. */
  private void endLane() {
    lane.run(
        () -> {
          proposals.failAll(Outcome.Failure.STOPPED);
          lane.close();
          var _ = ended.complete(null);
        });
  }

  private long deadline() {
    return host.clock().nanos() + config.requestTimeoutNanos();
  }

  private long applied() {
    return apply.facts().applied();
  }

  private void post(Input input) {
    raft.post(input);
  }

  private void eachTick() {
    ticks++;
    raft.retry();
    if (ticks % TICKS_PER_EXPIRY == 0) {
      long now = host.clock().nanos();
      Effect.RoleChanged role = raft.role();
      proposals.expire(now, role.leader() == 0 ? 0 : role.term());
      reads.expire(now);
      transfers.expire(now);
      duties.run(this::duties);
    }
    if (ticks % TICKS_PER_ROUND == 0) {
      housekeeping.round();
    }
    raftStatus = raft.status();
    pausesSeen = ticker.pausesSeen();
  }

  private void duties() {
    keeper.tick();
    leases.tick();
  }

  private void roleChanged(Effect.RoleChanged change) {
    raftStatus = raft.status();
    keeper.roleChanged(change);
    leases.roleChanged(change);
    if (change.leader() != 0) {
      LOG.log(
          Level.INFO,
          "term {0}: {1} leads",
          Long.toString(change.term()),
          change.role() == Role.LEADER ? "this server" : Long.toHexString(change.leader()));
    }
  }

  /** A server that lost its data directory must not go on as the member that it was. */
  private void checkOwnDisk() {
    for (Member member : apply.facts().members()) {
      if (member.id() == identity.member()
          && member.disk() != 0
          && member.disk() != identity.disk()) {
        host.halt(
            "this member joined with another data directory, and what it promised is lost:"
                + " give it back its own, or remove the member and add it anew");
      }
    }
  }

  private void compare(Frame.StateHash hash) {
    hashes.told(hash).ifPresent(this::differ);
  }

  /** Replicas differ: an alarm for all, which stops writing until an operator has looked. */
  private void differ(long index) {
    LOG.log(Level.ERROR, "replicas differ after entry {0}", Long.toString(index));
    proposeOwn(new Command.SetAlarm(new Alarm(identity.member(), Alarm.Kind.CORRUPT), true));
  }

  /** What leases need of this server. */
  private final class KeeperServer implements LeaseKeeper.Server, Leases.Server {
    @Override
    public void barrier(Consumer<Outcome> done) {
      Node.this.barrier(done);
    }

    @Override
    public void leaseTable(Consumer<LeaseTable> done, Runnable failed) {
      Consumer<Reader> work = reader -> done.accept(reader.leaseTable());
      add(true, new Read(true, deadline(), work, _ -> failed.run()));
    }

    @Override
    public void propose(Command command, Consumer<Outcome> done) {
      Node.this.propose(command, done);
    }

    @Override
    public void send(long to, Frame frame) {
      lane.run(() -> peers.send(to, frame));
    }
  }

  /** What peers send that is not Raft's. */
  private final class FromPeers implements Peers.Others {
    @Override
    public void received(Frame.StateHash hash) {
      lane.run(() -> compare(hash));
    }

    @Override
    public void received(long from, Frame.OfLease frame) {
      leases.received(from, frame);
    }
  }

  /** What applying leads to elsewhere; called on the apply lane. */
  private final class AfterApply implements ApplyLane.Listener {
    @Override
    public void applied(Facts facts) {
      points.wake();
      scans.wake();
    }

    @Override
    public boolean wantsChanges() {
      return watches.wanted();
    }

    @Override
    public void changed(List<Changes> changes, Facts facts) {
      watches.applied(changes, facts);
    }

    @Override
    public void hashed(long index, long hash) {
      lane.run(
          () -> {
            hashes.own(index, hash).ifPresent(Node.this::differ);
            Effect.RoleChanged role = raft.role();
            if (role.leader() != 0 && role.leader() != identity.member()) {
              peers.send(role.leader(), new Frame.StateHash(index, hash));
            }
          });
    }

    @Override
    public void leasesChanged(List<Applied> entries, List<Result> results) {
      if (!keeper.isLeading()) {
        return;
      }
      for (int i = 0; i < entries.size(); i++) {
        Envelope envelope = entries.get(i).envelope();
        if (envelope != null && envelope.command() instanceof Command.OfLease command) {
          keeper.applied(entries.get(i).index(), command, results.get(i));
        }
      }
    }

    @Override
    public void proposalsWait() {
      raft.wake();
    }

    @Override
    public void membersChanged() {
      lane.run(
          () -> {
            checkOwnDisk();
            peers.membersChanged();
            housekeeping.flush();
          });
    }
  }
}
