package io.balsa.node.leases;

import io.balsa.bytes.Bytes;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.kv.StoreReader.LeaseKeys;
import io.balsa.kv.StoreReader.LeaseTable;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.KvError;
import io.balsa.model.Result;
import io.balsa.node.apply.ApplyLane;
import io.balsa.node.reads.ReadDesk;
import io.balsa.raft.Effect;
import io.balsa.wire.Frame;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes the clients' requests about leases, and passes on what the log says about them. Owns the
 * lane on which their time is kept. From any thread, unless a lane is named.
 */
public final class LeaseDesk {
  /** What leases need of the server; from any thread. */
  public interface Needs {
    /** Replicates a command of the server itself, or of a client. */
    void propose(Caller caller, Command command, Consumer<Outcome> done);

    /** Sends a frame to a peer; the frame may be lost. */
    void send(long to, Frame frame);

    /** The current term. */
    long term();
  }

  /**
   * What leases need to know of this server.
   *
   * @param self this server's member id
   * @param electionNanos how long followers wait for a leader before they ask for an election
   * @param requestTimeoutNanos how long a request may take
   */
  public record Settings(long self, long electionNanos, long requestTimeoutNanos) {}

  private final Host host;
  private final Settings settings;
  private final ApplyLane apply;
  private final ReadDesk reads;
  private final Needs server;
  private final Lane lane;
  private final LeaseKeeper keeper;
  private final LeaseQuestions questions;

  public LeaseDesk(
      Host host, Settings settings, long boot, ApplyLane apply, ReadDesk reads, Needs server) {
    this.host = host;
    this.settings = settings;
    this.apply = apply;
    this.reads = reads;
    this.server = server;
    // named after LeaseDuty, which runs on it; CompactionDuty and SweepDuty run on the raft lane
    this.lane = host.serviceLane("duties", this::recover);
    var keepers = new KeeperNeeds();
    this.keeper = new LeaseKeeper(lane, host.clock(), keepers, settings.electionNanos());
    this.questions = new LeaseQuestions(lane, host.clock(), settings.self(), boot, keeper, keepers);
  }

  /** After a task failed, on the lane: a client may have caused that, so the server goes on. */
  private void recover() {
    keeper.restart();
  }

  /**
   * Grants a lease. A shorter time than one and a half election timeouts is raised to that, so that
   * a client can renew after an election (etcd does the same).
   *
   * @param caller who asks
   * @param id 0 to have an id chosen
   * @param ttl in seconds
   */
  public void grant(Caller caller, long id, long ttl, Consumer<Outcome> done) {
    long least = Math.ceilDiv(3 * settings.electionNanos() / 2, 1_000_000_000L);
    long chosen = id != 0 ? id : 1 + (host.dice().nextLong() >>> 2);
    server.propose(caller, new Command.LeaseGrant(chosen, Math.max(least, ttl)), done);
  }

  /** Renews a lease, if the caller may write its keys: it has its whole time again. */
  public void keepAlive(Caller caller, long lease, Consumer<Outcome> done) {
    if (!apply.auth().enabled()) {
      renew(lease, done);
      return;
    }
    reads
        .leases()
        .mayRenew(
            caller,
            lease,
            outcome -> {
              if (outcome instanceof Outcome.Answered(Result.Done _, long _)) {
                renew(lease, done);
              } else {
                done.accept(outcome);
              }
            });
  }

  private void renew(long lease, Consumer<Outcome> done) {
    askLeader(lease, true, time -> done.accept(leaseTime(lease, time, List.of())), done);
  }

  /** Answers how much time a lease has left and, when asked for, which keys it has. */
  public void timeToLive(
      Caller caller, long lease, boolean keys, AnswerRoom room, Consumer<Outcome> done) {
    askLeader(
        lease,
        false,
        time -> {
          if (keys && time.left() >= 0) {
            attached(
                caller, lease, room, attached -> done.accept(told(lease, time, attached)), done);
          } else {
            done.accept(leaseTime(lease, time, List.of()));
          }
        },
        done);
  }

  private Outcome told(long lease, LeaseQuestions.Time time, LeaseKeys attached) {
    KvError denied = attached.denied();
    return denied == null
        ? leaseTime(lease, time, attached.keys())
        : new Outcome.Answered(new Result.Refused(apply.facts().revision(), denied), server.term());
  }

  private void askLeader(
      long lease, boolean renew, Consumer<LeaseQuestions.Time> done, Consumer<Outcome> failed) {
    long now = host.clock().nanos();
    questions.ask(
        new LeaseQuestions.Question(
            lease,
            renew,
            now,
            now + settings.requestTimeoutNanos(),
            done,
            failure -> failed.accept(new Outcome.Failed(failure))));
  }

  private Outcome leaseTime(long lease, LeaseQuestions.Time time, List<Bytes> keys) {
    return new Outcome.Answered(
        new Result.LeaseTime(apply.facts().revision(), lease, time.left(), time.ttl(), keys),
        server.term());
  }

  private void attached(
      Caller caller,
      long lease,
      AnswerRoom room,
      Consumer<LeaseKeys> done,
      Consumer<Outcome> failed) {
    reads
        .leases()
        .attached(caller, lease, room, done, failure -> failed.accept(new Outcome.Failed(failure)));
  }

  /** Entries were applied; on the apply lane, before the facts are published. */
  public void applied(List<EntryToApply> entries, List<Result> results) {
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

  /** A peer asks about a lease, or answers. */
  public void received(long from, Frame.OfLease frame) {
    questions.received(from, frame);
  }

  /** Role, term or leader changed; on the raft lane. */
  public void roleChanged(Effect.RoleChanged change) {
    keeper.roleChanged(change);
    questions.roleChanged(change);
  }

  /** Time passes. */
  public void tick() {
    lane.run(
        () -> {
          keeper.tick();
          questions.tick();
        });
  }

  /** Fails the open questions, and ends the lane. */
  public void close() {
    questions.close();
    lane.run(lane::close);
  }

  /** What the keeper and the questions need of this server. */
  private final class KeeperNeeds implements LeaseKeeper.Needs, LeaseQuestions.Needs {
    @Override
    public void barrier(Consumer<Outcome> done) {
      reads.barrier(done);
    }

    @Override
    public void leaseTable(Consumer<LeaseTable> done, Runnable failed) {
      reads.leases().table(done, _ -> failed.run());
    }

    @Override
    public void propose(Command command, Consumer<Outcome> done) {
      server.propose(Caller.SERVER, command, done);
    }

    @Override
    public void send(long to, Frame frame) {
      server.send(to, frame);
    }
  }
}
