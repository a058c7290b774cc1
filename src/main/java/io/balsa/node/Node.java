package io.balsa.node;

import io.balsa.auth.AuthState;
import io.balsa.auth.Tokens;
import io.balsa.backups.Backup;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Undo;
import io.balsa.engine.Engines;
import io.balsa.host.Host;
import io.balsa.host.Network;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.HashKv;
import io.balsa.model.Range;
import io.balsa.model.RangePiece;
import io.balsa.model.Result;
import io.balsa.model.WriteId;
import io.balsa.raft.RaftStatus;
import io.balsa.watch.WatchSink;
import io.balsa.watch.Watching;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One server, as its callers use it: commands to replicate, reads, watches, leases and status.
 * Every method may be called from any thread and returns at once. A callback is called exactly
 * once, on one of the server's lanes, or by the caller when the request is refused at once. It must
 * not block.
 */
public final class Node {
  private final NodeParts parts;
  private final NodeLife life;
  private final StatusBoard status;

  private Node(NodeParts parts, NodeLife life) {
    this.parts = parts;
    this.life = life;
    this.status =
        new StatusBoard(
            parts.identity(),
            parts.published(),
            parts.apply(),
            parts.housekeeping(),
            parts.watches());
  }

  /** Hears how a start goes; called at once or later, on any thread. */
  public interface Starting {
    /**
     * The log is damaged, and is being repaired with entries of the other members, for as long as
     * that takes. Called every ten seconds.
     *
     * @param damage one line saying where, and what is done about it
     */
    void repairing(String damage);

    /** The server runs. */
    void started(Node node);

    /** The server cannot start. */
    void failed(StartupFailure failure);
  }

  /**
   * Opens the data directory and starts; a damaged log is repaired first. Until then this server
   * takes no part in Raft and serves no client.
   */
  public static void start(
      NodeConfig config, Host host, Engines engines, NodeMetrics metrics, Starting starting) {
    new Start(config, host, engines, metrics, starting).begin();
  }

  /**
   * Opens the data directory and starts.
   *
   * @throws StartupFailure with one line saying what is wrong and what to do, also when the log is
   *     damaged; nothing was changed
   */
  public static Node start(NodeConfig config, Host host, Engines engines, NodeMetrics metrics)
      throws StartupFailure {
    return start(config, host, host.network(), engines, metrics);
  }

  static Node start(
      NodeConfig config, Host host, Network network, Engines engines, NodeMetrics metrics)
      throws StartupFailure {
    NodeParts parts = parts(config, host, network, engines, metrics);
    NodeLife life = lifeOf(parts, config.requestTimeoutNanos());
    try (Undo<RuntimeException> undo = new Undo<>(life::end)) {
      life.start();
      undo.cancel();
      return new Node(parts, life);
    } catch (UncheckedIOException e) {
      throw new StartupFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static NodeLife lifeOf(NodeParts parts, long timeoutNanos) {
    var moves =
        new LeadershipMoves(
            parts.host(), parts.lane(), timeoutNanos, parts.raft(), parts.transfers());
    return new NodeLife(parts, moves);
  }

  private static NodeParts parts(
      NodeConfig config, Host host, Network network, Engines engines, NodeMetrics metrics)
      throws StartupFailure {
    Boot.Opened opened = new Boot(config, host, engines).open();
    StartingHost starting = new StartingHost(host);
    try (Undo<StartupFailure> close = new Undo<>(opened::close);
        Undo<RuntimeException> end = new Undo<>(starting::endLanes)) {
      NodeParts parts = NodeAssembly.of(config, starting, network, opened, metrics);
      end.cancel();
      close.cancel();
      return parts;
    }
  }

  /**
   * Replicates a command of the server itself, which is never judged, and applies it. Any server
   * takes commands; a follower forwards them to the leader.
   *
   * @param done gets the result, or why there is none
   */
  public void proposeOwn(Command command, Consumer<Outcome> done) {
    parts.commands().propose(command, done);
  }

  /** As the method below, of a client whose command has no name and whose answer is small. */
  public void propose(Caller caller, Command command, Consumer<Outcome> done) {
    propose(caller, WriteId.NONE, false, command, AnswerRoom.UNBOUNDED, done);
  }

  /** As the method below, of a client that gave its command no name. */
  public void propose(Caller caller, Command command, AnswerRoom room, Consumer<Outcome> done) {
    propose(caller, WriteId.NONE, false, command, room, done);
  }

  /**
   * Replicates a command of a client and applies it, if its caller may do that by then. A command
   * is dropped when its client is gone before it is proposed: {@link Outcome.Failure#CANCELLED}. A
   * command that was done, but finds no room for its answer, ends with {@link
   * Outcome.Failure#ANSWER_DROPPED}.
   *
   * @param write the name that the client gave it
   * @param mayBeDone whether the client may have sent it before: then only the log can refuse it
   * @param room where the answer's bytes are taken, by {@link Result#bytes}, before it is handed on
   */
  public void propose(
      Caller caller,
      WriteId write,
      boolean mayBeDone,
      Command command,
      AnswerRoom room,
      Consumer<Outcome> done) {
    parts.commands().propose(caller, write, mayBeDone, command, room, done);
  }

  /** Reads keys for this server itself: the read is not judged and its answer has no bound. */
  public void readOwn(Range range, boolean linearizable, Consumer<Outcome> done) {
    read(Caller.SERVER, range, linearizable, AnswerRoom.UNBOUNDED, done);
  }

  /**
   * Reads keys, if the caller may read them.
   *
   * @param linearizable whether to see every write acknowledged anywhere before the call; otherwise
   *     what is applied here
   * @param room where the answer's bytes are taken before it is handed on
   */
  public void read(
      Caller caller, Range range, boolean linearizable, AnswerRoom room, Consumer<Outcome> done) {
    parts.reads().range(caller, range, linearizable, room, done);
  }

  /**
   * Reads a part of a range. Each part is judged.
   *
   * @param range without order and filters; its limit bounds all parts that are still to come
   * @param keysMax the most keys
   * @param bytesMax the part ends with the key that reaches it
   * @param room where the part's bytes are taken before it is handed on
   * @param failed called instead of {@code done} when this server cannot answer
   */
  public void readPiece(
      Caller caller,
      Range range,
      boolean linearizable,
      int keysMax,
      long bytesMax,
      AnswerRoom room,
      Consumer<RangePiece> done,
      Consumer<Outcome.Failure> failed) {
    parts.reads().piece(caller, range, linearizable, keysMax, bytesMax, room, done, failed);
  }

  /**
   * Answers a transaction that changes nothing, from one view.
   *
   * @param room where the answer's bytes are taken before it is handed on
   */
  public void readTxn(
      Caller caller,
      Command.Txn txn,
      boolean linearizable,
      AnswerRoom room,
      Consumer<Outcome> done) {
    parts.reads().txn(caller, txn, linearizable, room, done);
  }

  /** The users and roles in force, as far as applied here. */
  public AuthState auth() {
    return parts.apply().auth();
  }

  /** The tokens in force, as far as applied here. */
  public Tokens tokens() {
    return parts.apply().state().store().tokens();
  }

  /**
   * Calls {@code done} when this server has applied an index.
   *
   * @param limit how long to wait
   * @param failed called instead of {@code done} when that takes too long
   */
  public void whenApplied(
      long index, Duration limit, Runnable done, Consumer<Outcome.Failure> failed) {
    parts.reads().whenApplied(index, limit.toNanos(), done, failed);
  }

  /** Answers once this server has applied all that was acknowledged anywhere before the call. */
  public void barrier(Consumer<Outcome> done) {
    parts.reads().barrier(done);
  }

  /**
   * Opens a stream of watches, of what is applied here.
   *
   * @param sink gets the answers, on the watch lane
   */
  public Watching watch(WatchSink sink) {
    return parts.watches().open(sink);
  }

  /** Sends progress notifications to idle watches that ask for them; to be called once. */
  public void tellProgressEvery(Duration interval) {
    parts.watches().tellProgressEvery(interval.toNanos());
  }

  /**
   * Hashes the store's history as it is here, as etcd's HashKV.
   *
   * @param revision up to which; 0 for the newest
   * @param room only asked whether somebody still waits for the hash
   * @param failed called instead of {@code done} when this server cannot answer
   */
  public void hashKv(
      long revision, AnswerRoom room, Consumer<HashKv> done, Consumer<Outcome.Failure> failed) {
    parts.reads().hashKv(revision, room, done, failed);
  }

  /**
   * Makes a backup of this server's store as it is. The receiver closes it.
   *
   * @param failed called instead of {@code ready} when this server cannot make one
   */
  public void backup(Consumer<Backup> ready, Consumer<Outcome.Failure> failed) {
    if (life.isStopping()) {
      failed.accept(Outcome.Failure.STOPPED);
    } else {
      parts.snapshots().backup(parts.identity(), ready, failed);
    }
  }

  /**
   * Transfers the leadership to a member, if this server leads; answers when that member leads.
   *
   * @param target the member; 0 for any
   */
  public void moveLeader(long target, Consumer<Outcome> done) {
    life.moveLeader(target, done);
  }

  /**
   * Grants a lease.
   *
   * @param id 0 for one that this server chooses
   * @param ttl in seconds; raised to the least that this server grants
   */
  public void grantLease(Caller caller, long id, long ttl, Consumer<Outcome> done) {
    parts.leases().grant(caller, id, ttl, done);
  }

  /** Renews a lease; {@link Result.LeaseTime} says for how long. */
  public void keepAlive(Caller caller, long lease, Consumer<Outcome> done) {
    parts.leases().keepAlive(caller, lease, done);
  }

  /**
   * The time that is left of a lease, and the keys attached to it.
   *
   * @param keys whether to give the keys
   * @param room where the answer's bytes are taken before it is handed on
   */
  public void timeToLive(
      Caller caller, long lease, boolean keys, AnswerRoom room, Consumer<Outcome> done) {
    parts.leases().timeToLive(caller, lease, keys, room, done);
  }

  /**
   * Which leases there are: {@link Result.Leases}.
   *
   * @param room where the answer's bytes are taken before it is handed on
   */
  public void leases(Caller caller, AnswerRoom room, Consumer<Outcome> done) {
    parts.reads().leases().all(caller, room, done);
  }

  /**
   * Calls {@code done} once, when the raft lane, the apply lane and a read lane have run a task.
   */
  public void prove(Runnable done) {
    Runnable read = () -> readOwn(Range.of(Bytes.of(0)), false, _ -> done.run());
    parts.lane().run(() -> parts.apply().run(read));
  }

  /** The index of the last entry that this server has applied; from any thread. */
  public long appliedIndex() {
    return parts.apply().facts().applied();
  }

  /** This server's status; Raft's part of it is some milliseconds old at most. */
  public NodeStatus status() {
    return status.read();
  }

  /**
   * Raft's state as of this moment, its own invariants checked; for simulations, where one thread
   * runs all lanes.
   */
  public RaftStatus inspect() {
    return parts.raft().verified();
  }

  /** The id of the leader that this server knows; 0 for none. */
  public long leader() {
    return parts.published().raft().leader();
  }

  /** The term that this server is in. */
  public long term() {
    return parts.published().raft().term();
  }

  /** This server's member id. */
  public long memberId() {
    return parts.identity().member();
  }

  /**
   * Transfers the leadership if this server leads, takes no more requests, answers open ones for at
   * most a second, flushes the store, and ends.
   *
   * @param stopped called when nothing of this server runs any more
   */
  public void stop(Runnable stopped) {
    life.stop(stopped);
  }
}
