package io.balsa.node.leases;

import io.balsa.duties.LeaseDuty;
import io.balsa.host.Clock;
import io.balsa.host.Lane;
import io.balsa.kv.StoreReader.LeaseTable;
import io.balsa.lanes.Outcome;
import io.balsa.model.Command;
import io.balsa.model.KvError;
import io.balsa.model.Lease;
import io.balsa.model.Result;
import io.balsa.raft.Effect;
import io.balsa.raft.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Drives {@link LeaseDuty} while this server leads: tells it how much time passed, what was applied
 * and when leadership is proved, and proposes the commands that it returns. Owned by a lane of its
 * own, because a new leader may have a hundred thousand leases to read.
 */
public final class LeaseKeeper {
  /** From this time between two looks at the clock on, the process counts as having paused. */
  private static final long PAUSE_NANOS = 500_000_000;

  /** So much of a pause counts against the leases. */
  private static final long COUNTED_OF_PAUSE_NANOS = 10_000_000;

  private static final long MILLI = 1_000_000;

  /** What the keeper needs of the server. The callbacks may come on any lane. */
  interface Needs {
    /**
     * Asks for a read index and answers when it is applied here (thesis 6.4). A leader that gets
     * the answer led after the call.
     */
    void barrier(Consumer<Outcome> done);

    /** Reads the leases, at a moment after the call. */
    void leaseTable(Consumer<LeaseTable> done, Runnable failed);

    /** Replicates a command. */
    void propose(Command command, Consumer<Outcome> done);
  }

  /** A change of the leases, with its index in the log. */
  private record Change(long index, Command.OfLease command, Result result) {}

  private final Lane lane;
  private final Clock clock;
  private final Needs server;
  private final LeaseDuty duty;

  /** The renewals that wait for an entry about their lease, by the lease's id. */
  private final Map<Long, List<LongConsumer>> waiting = new TreeMap<>();

  /** Changes that were applied while the leases are being read. */
  private final List<Change> early = new ArrayList<>();

  private long lastNanos;
  private long uncountedNanos;
  private long leadingTerm;

  /** Counts restarts: an answer to a barrier from before a restart is ignored. */
  private long restarts;

  /** Whether reading the leases failed, so that the next tick reads them again. */
  private boolean loadDue;

  /** Whether the keeper needs the applied changes; set before the leases are read. */
  private volatile boolean leading;

  LeaseKeeper(Lane lane, Clock clock, Needs server, long extensionNanos) {
    this.lane = lane;
    this.clock = clock;
    this.server = server;
    this.duty = new LeaseDuty(extensionNanos / MILLI);
  }

  /** Role, term or leader changed; on the raft lane. */
  void roleChanged(Effect.RoleChanged change) {
    boolean leads = change.role() == Role.LEADER;
    leading = leads;
    lane.run(() -> follow(leads ? change.term() : 0));
  }

  private void follow(long term) {
    if (term == leadingTerm) {
      return;
    }
    leadingTerm = term;
    loadDue = false;
    duty.follow();
    early.clear();
    waiting.clear();
    if (term != 0) {
      load(term);
    }
  }

  /** A task failed half-way: forgets all leases and reads them again; on its lane. */
  void restart() {
    long term = leadingTerm;
    restarts++;
    leadingTerm = 0;
    duty.follow();
    follow(term);
  }

  private void load(long term) {
    server.leaseTable(
        table -> lane.run(() -> lead(term, table)), () -> lane.run(() -> notLoaded(term)));
  }

  private void notLoaded(long term) {
    loadDue |= term == leadingTerm;
  }

  private void lead(long term, LeaseTable table) {
    if (term != leadingTerm) {
      return;
    }
    lastNanos = clock.nanos();
    duty.lead(term, table.clock(), table.leases());
    for (Change change : early) {
      if (change.index() > table.index()) {
        take(change);
      }
    }
    early.clear();
  }

  /** The term in which it keeps the leases; 0 while it does not; on its lane. */
  long term() {
    return duty.term();
  }

  /** Whether the keeper needs what is applied; on the apply lane. */
  boolean isLeading() {
    return leading;
  }

  /** A command about leases was applied; on the apply lane, before the facts are published. */
  void applied(long index, Command.OfLease command, Result result) {
    Change change = new Change(index, command, result);
    lane.run(
        () -> {
          if (duty.term() != 0) {
            advance();
            take(change);
            propose();
          } else if (leadingTerm != 0) {
            early.add(change);
          }
        });
  }

  private void take(Change change) {
    if (change.result() instanceof Result.Refused) {
      return;
    }
    switch (change.command()) {
      case Command.LeaseGrant grant -> {
        Result.LeaseGrant granted = (Result.LeaseGrant) change.result();
        duty.granted(new Lease(grant.id(), granted.ttl(), change.index(), 0));
      }
      case Command.LeaseRevoke(long id) -> gone(id);
      case Command.LeaseExpire(long _, long id, long _) -> gone(id);
      case Command.LeaseCheckpoint checkpoint -> {
        duty.written(checkpoint);
        checkpoint.deadlines().forEach(deadline -> resumeRenewals(deadline.id()));
      }
    }
  }

  private void gone(long id) {
    duty.gone(id);
    resumeRenewals(id);
  }

  private void resumeRenewals(long id) {
    List<LongConsumer> waiters = waiting.remove(id);
    if (waiters != null) {
      waiters.forEach(waiter -> waiter.accept(id));
    }
  }

  /** Time passes; on its lane. */
  void tick() {
    if (loadDue) {
      loadDue = false;
      load(leadingTerm);
    }
    if (duty.term() == 0) {
      return;
    }
    advance();
    if (duty.needsProof()) {
      prove(duty.term());
    }
    propose();
  }

  private void advance() {
    long now = clock.nanos();
    long passed = now - lastNanos;
    lastNanos = now;
    uncountedNanos += passed >= PAUSE_NANOS ? COUNTED_OF_PAUSE_NANOS : passed;
    duty.advance(uncountedNanos / MILLI);
    uncountedNanos %= MILLI;
  }

  private void prove(long term) {
    duty.proofBegins();
    long since = restarts;
    server.barrier(
        outcome ->
            lane.run(
                () -> {
                  if (term == duty.term() && since == restarts) {
                    advance();
                    proofEnded(outcome);
                  }
                }));
  }

  private void proofEnded(Outcome outcome) {
    switch (outcome) {
      case Outcome.Answered _ -> duty.proved();
      case Outcome.Failed _ -> duty.notProved();
    }
    propose();
  }

  private void propose() {
    long term = duty.term();
    for (Command proposal : duty.proposals()) {
      Command.OfLease command = (Command.OfLease) proposal;
      server.propose(command, outcome -> lane.run(() -> proposed(term, command, outcome)));
    }
  }

  /** A proposal of unknown outcome is not made again: it is applied in this term or never. */
  private void proposed(long term, Command.OfLease command, Outcome outcome) {
    if (term != duty.term()) {
      return;
    }
    switch (outcome) {
      case Outcome.Failed(Outcome.Failure failure) -> {
        if (failure == Outcome.Failure.NO_LEADER || failure == Outcome.Failure.TOO_MANY_REQUESTS) {
          duty.refused(command);
        }
      }
      case Outcome.Answered(Result.Refused refused, long _) -> {
        boolean later =
            refused.error() == KvError.CORRUPT || refused.error() == KvError.TOO_MANY_DELETIONS;
        if (later && command instanceof Command.LeaseExpire expire) {
          duty.postponed(expire);
        }
      }
      case Outcome.Answered _ -> {}
    }
  }

  /**
   * Gives a lease its whole time again before a round confirms that this server leads, so that the
   * lease does not end while its renewal waits; on its lane.
   */
  void touch(long id) {
    advance();
    var _ = duty.renew(id);
  }

  /**
   * Renews a lease; on its lane, after a barrier that began in this term.
   *
   * @param done gets the seconds left, or -1 when there is no such lease; never called when this
   *     server stops leading first
   */
  void renew(long id, LongConsumer done) {
    advance();
    switch (duty.renew(id)) {
      case RENEWED -> done.accept(duty.ttl(id));
      case GONE -> done.accept(-1);
      case WAIT -> {
        waiting.computeIfAbsent(id, _ -> new ArrayList<>()).add(again -> renew(again, done));
        propose();
      }
    }
  }

  /** The seconds that a lease has left; -1 when there is no such lease; on its lane. */
  long left(long id) {
    advance();
    return duty.left(id);
  }

  /** The whole time of a lease in seconds; 0 when there is no such lease; on its lane. */
  long ttl(long id) {
    return duty.ttl(id);
  }
}
