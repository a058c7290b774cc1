package io.balsa.node.leases;

import io.balsa.kv.StoreReader.LeaseTable;
import io.balsa.lanes.HandLane;
import io.balsa.lanes.Outcome;
import io.balsa.lanes.StillClock;
import io.balsa.model.Command;
import io.balsa.model.Lease;
import io.balsa.model.Result;
import io.balsa.raft.Effect;
import io.balsa.raft.Role;
import io.balsa.wire.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** A lease keeper whose barriers, tables and proposals a test answers by hand. */
final class HandKeeping implements LeaseKeeper.Needs, LeaseQuestions.Needs {
  static final long SELF = 1;
  static final long MILLI = 1_000_000;
  static final long EXTENSION_MILLIS = 1_000;
  static final Outcome CONFIRMED = new Outcome.Answered(new Result.Done(9), 3);
  static final Outcome LOST = new Outcome.Failed(Outcome.Failure.TIMED_OUT_LEADER_LOST);

  final HandLane lane = new HandLane();
  final StillClock clock = new StillClock();
  final LeaseKeeper keeper = new LeaseKeeper(lane, clock, this, EXTENSION_MILLIS * MILLI);
  final Deque<Consumer<Outcome>> barriers = new ArrayDeque<>();
  final Deque<Asked> tables = new ArrayDeque<>();
  final List<Command> proposed = new ArrayList<>();
  final Deque<Consumer<Outcome>> proposals = new ArrayDeque<>();
  final List<String> sent = new ArrayList<>();
  private long millis;
  private long term;

  record Asked(Consumer<LeaseTable> done, Runnable failed) {}

  /** A lease that was granted by the entry of the same index. */
  static Lease lease(long id, long ttl) {
    return new Lease(id, ttl, id, 0);
  }

  void role(Role role, long newTerm, long leader) {
    term = newTerm;
    keeper.roleChanged(new Effect.RoleChanged(role, newTerm, leader));
    lane.drain();
  }

  /** Leads in a term, with the leases of a table. */
  void lead(long newTerm, Lease... leases) {
    role(Role.LEADER, newTerm, SELF);
    table(leases);
  }

  /** Answers the oldest question for the leases, as of entry 10. */
  void table(Lease... leases) {
    tables.remove().done().accept(new LeaseTable(10, 0, List.of(leases)));
    lane.drain();
  }

  /** Time passes, in steps that are no pause. */
  void pass(long moreMillis) {
    for (long left = moreMillis; left > 0; left -= 250) {
      millis += Math.min(left, 250);
      clock.moveTo(millis * MILLI);
      keeper.tick();
      lane.drain();
    }
  }

  /** The process stands still for so long. */
  void standStill(long moreMillis) {
    millis += moreMillis;
    clock.moveTo(millis * MILLI);
    keeper.tick();
    lane.drain();
  }

  void confirm(Outcome outcome) {
    barriers.remove().accept(outcome);
    lane.drain();
  }

  /** What became of the oldest proposal. */
  void proposed(Outcome outcome) {
    proposals.remove().accept(outcome);
    lane.drain();
  }

  void applied(long index, Command.OfLease command, Result result) {
    keeper.applied(index, command, result);
    lane.drain();
  }

  void granted(long index, long id, long ttl) {
    applied(index, new Command.LeaseGrant(id, ttl), new Result.LeaseGrant(9, id, ttl));
  }

  Command.LeaseExpire end(long id, long grant) {
    return new Command.LeaseExpire(term, id, grant);
  }

  @Override
  public void barrier(Consumer<Outcome> done) {
    barriers.add(done);
  }

  @Override
  public void leaseTable(Consumer<LeaseTable> done, Runnable failed) {
    tables.add(new Asked(done, failed));
  }

  @Override
  public void propose(Command command, Consumer<Outcome> done) {
    proposed.add(command);
    proposals.add(done);
  }

  @Override
  public void send(long to, Frame frame) {
    sent.add(to + " " + frame);
  }
}
