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

/** Those who wait for leadership to move (thesis 3.10). Owned by the raft lane. */
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
   * Nobody yet.
   *
   * @param answers where they are told: not on the raft lane
   */
  Transfers(long self, LongSupplier revision, Consumer<Runnable> answers) {
    this.self = self;
    this.revision = revision;
    this.answers = answers;
  }

  /** Asks for a transfer; gives what Raft has to be told, if it is possible at all. */
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

  /** Somebody leads, maybe who was meant. */
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

  /** The old leader leads on. */
  void failed(long target) {
    end(_ -> new Outcome.Failed(Outcome.Failure.TRANSFER_TIMED_OUT));
  }

  /** Fails all, and what comes after it. */
  void close() {
    closed = true;
    end(_ -> new Outcome.Failed(Outcome.Failure.STOPPED));
  }

  private void end(Function<Waiting, Outcome> outcome) {
    List<Waiting> ended = List.copyOf(waiting);
    waiting.clear();
    ended.forEach(one -> tell(one.done(), outcome.apply(one)));
  }

  /** Fails what is overdue. */
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
