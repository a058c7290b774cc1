package io.balsa.node.apply;

import io.balsa.host.Lane;
import io.balsa.kv.Store;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Command;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.node.writes.Proposal;
import io.balsa.node.writes.Proposals;
import io.balsa.rows.Tombstones;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Clients of this server whose deletion is done, but too large to be counted in one entry. A client
 * is answered when the sweep is over: then its next deletion steps over no deleted keys. When the
 * sweep takes long, a read counts the keys at the revision before, unless that is compacted. Owned
 * by the apply lane.
 */
final class AwaitingSweeps {
  /** Counts keys for a client. */
  interface Counting {
    /**
     * Counts keys.
     *
     * @param counted called on any thread; never called when the keys cannot be counted
     */
    void count(Range range, AnswerRoom room, Consumer<Result.Range> counted);
  }

  /** A client that waits, and the revision of its deletion. */
  private record Waiting(long revision, Proposal proposal, long term) {}

  /** A client waits so long for the sweep. Then its keys are counted. */
  static final long SWEEP_NANOS = 2_000_000_000;

  private final Proposals proposals;
  private final Lane lane;
  private final Counting counting;
  private final Supplier<Tombstones> tombstones;
  private final List<Waiting> waiting = new ArrayList<>();

  AwaitingSweeps(
      Proposals proposals, Lane lane, Counting counting, Supplier<Tombstones> tombstones) {
    this.proposals = proposals;
    this.lane = lane;
    this.counting = counting;
    this.tombstones = tombstones;
  }

  /**
   * A client's deletion has begun. The end of a lease is answered at once: it has no count. The
   * deletion of a range waits. It is applied, so it is never proposed again.
   */
  void add(Result.UnderWay underWay, Proposal proposal, Command command, long term) {
    long revision = underWay.revision();
    Waiting client = new Waiting(revision, proposal, term);
    if (command instanceof Command.OfLease) {
      answer(client, new Result.Done(revision));
      return;
    }
    proposals.answerLater(proposal);
    waiting.add(client);
    lane.after(SWEEP_NANOS, () -> count(client));
  }

  private void count(Waiting client) {
    Range before = tombstones.get().counting(client.revision());
    if (before != null && waiting.contains(client)) {
      counting.count(
          before,
          client.proposal().room(),
          counted -> lane.run(() -> answerCounted(client.revision(), counted.count())));
    }
  }

  /** A piece was swept. When it was the last one, the clients of its deletion are answered. */
  void swept(Result.Swept swept) {
    if (swept.over()) {
      answerCounted(swept.tombstone(), swept.deleted());
    }
  }

  private void answerCounted(long revision, long deleted) {
    Iterator<Waiting> each = waiting.iterator();
    while (each.hasNext()) {
      Waiting client = each.next();
      if (client.revision() == revision) {
        each.remove();
        answer(client, new Result.DeleteRange(revision, deleted, List.of()));
      }
    }
  }

  private void answer(Waiting client, Result result) {
    tell(client, ApplyLane.outcome(client.proposal().room(), result, client.term()));
  }

  private void tell(Waiting client, Outcome outcome) {
    proposals.answer(client.proposal(), outcome);
  }

  /** Another state is in force. It may say that a sweep is over, or that its count is gone. */
  void installed(Store store) {
    for (Waiting client : List.copyOf(waiting)) {
      Result known = store.deletion(client.revision());
      if (known instanceof Result.DeleteRange deletion) {
        answerCounted(client.revision(), deletion.deleted());
      } else if (known == null) {
        waiting.remove(client);
        tell(client, new Outcome.Failed(Outcome.Failure.TIMED_OUT));
      }
    }
  }
}
