package io.balsa.node;

import io.balsa.lanes.Outcome;
import io.balsa.model.Result;
import io.balsa.raft.Configuration;
import io.balsa.raft.Effect;
import io.balsa.raft.Input;
import io.balsa.raft.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Requests that wait for a leadership transfer (thesis 3.10). Owned by the raft lane. */
final class Transfers {
  /** Any voter but this server. */
  static final long ANYBODY = 0;

  private record Waiting(long target, long deadlineNanos, Consumer<Outcome> done) {}

  private final long self;
  private final LongSupplier revision;
  private final Consumer<Runnable> answers;
  private final List<Waiting> waiting = new ArrayList<>();
  private boolean closed;

  /**
   * No requests yet.
   *
   * @param answers runs the callbacks, on another lane than the raft lane
   */
  Transfers(long self, LongSupplier revision, Consumer<Runnable> answers) {
    this.self = self;
    this.revision = revision;
    this.answers = answers;
  }

  /** Adds a request; gives the input for Raft, unless the request was refused at once. */
  Optional<Input.TransferLeadership> ask(
      long target,
      Effect.RoleChanged role,
      Configuration configuration,
      long deadlineNanos,
      Consumer<Outcome> done) {
    if (closed) {
      tell(done, new Outcome.Failed(Outcome.Failure.STOPPED));
    } else if (role.role() != Role.LEADER) {
      tell(done, new Outcome.Failed(Outcome.Failure.NOT_LEADER));
    } else if (target == self) {
      tell(done, moved(role));
    } else if (target != ANYBODY && !configuration.voters().contains(target)) {
      tell(done, new Outcome.Failed(Outcome.Failure.BAD_TRANSFEREE));
    } else {
      waiting.add(new Waiting(target, deadlineNanos, done));
      return Optional.of(new Input.TransferLeadership(target));
    }
    return Optional.empty();
  }

  private void tell(Consumer<Outcome> done, Outcome outcome) {
    answers.accept(() -> done.accept(outcome));
  }

  private Outcome moved(Effect.RoleChanged role) {
    return new Outcome.Answered(new Result.Done(revision.getAsLong()), role.term());
  }

  /** Another leader is known: the target of a request, or not. */
  void roleChanged(Effect.RoleChanged change) {
    if (change.leader() == 0) {
      return;
    }
    end(
        one ->
            change.leader() == one.target() || (one.target() == ANYBODY && change.leader() != self)
                ? moved(change)
                : new Outcome.Failed(Outcome.Failure.TRANSFER_TIMED_OUT));
  }

  /** Raft gave the transfer up; the old leader still leads. */
  void failed(long target) {
    end(_ -> new Outcome.Failed(Outcome.Failure.TRANSFER_TIMED_OUT));
  }

  /** Fails all requests, and those that come later. */
  void close() {
    closed = true;
    end(_ -> new Outcome.Failed(Outcome.Failure.STOPPED));
  }

  private void end(Function<Waiting, Outcome> outcome) {
    List<Waiting> ended = List.copyOf(waiting);
    waiting.clear();
    ended.forEach(one -> tell(one.done(), outcome.apply(one)));
  }

  /** Fails the requests whose deadline has passed. */
  void expire(long nowNanos) {
    waiting.removeIf(
        one -> {
          boolean overdue = nowNanos - one.deadlineNanos() >= 0;
          if (overdue) {
            tell(one.done(), new Outcome.Failed(Outcome.Failure.TRANSFER_TIMED_OUT));
          }
          return overdue;
        });
  }
}
