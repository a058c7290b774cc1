package io.balsa.node;

import io.balsa.kv.Command;
import io.balsa.kv.Result;
import io.balsa.kv.Store;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Clients of this server whose deletion is done, but too large to be counted in one entry: they are
 * answered when its sweep is over. Owned by the apply lane.
 */
final class AwaitingSweeps {
  /** A client, the revision of its deletion, and what it asked for. */
  private record Waiting(long revision, Proposal proposal, Command command, long term) {}

  private final Proposals proposals;
  private final List<Waiting> waiting = new ArrayList<>();

  AwaitingSweeps(Proposals proposals) {
    this.proposals = proposals;
  }

  /** A client has to wait; its proposal is applied, and so it is never proposed again. */
  void add(Result.UnderWay underWay, Proposal proposal, Command command, long term) {
    proposals.awaits(proposal);
    waiting.add(new Waiting(underWay.revision(), proposal, command, term));
  }

  /** A piece was swept; who waits for its deletion is answered if it was the last. */
  void swept(Result.Swept swept) {
    if (swept.over()) {
      long revision = swept.tombstone();
      settle(revision, new Result.DeleteRange(revision, swept.deleted(), List.of()));
    }
  }

  private void settle(long revision, Result.DeleteRange deletion) {
    Iterator<Waiting> each = waiting.iterator();
    while (each.hasNext()) {
      Waiting client = each.next();
      if (client.revision() == revision) {
        each.remove();
        Result result = resultOf(client, deletion);
        answer(client, ApplyLane.outcome(client.proposal().room(), result, client.term()));
      }
    }
  }

  private static Result resultOf(Waiting client, Result.DeleteRange deletion) {
    return client.command() instanceof Command.OfLease
        ? new Result.Done(deletion.revision())
        : deletion;
  }

  private void answer(Waiting client, Outcome outcome) {
    proposals.answer(client.proposal(), outcome);
  }

  /** Another state is in force, in which a sweep may be over of whose end nobody was told. */
  void installed(Store store) {
    for (Waiting client : List.copyOf(waiting)) {
      Result known = store.deletion(client.revision());
      if (known instanceof Result.DeleteRange deletion) {
        settle(client.revision(), deletion);
      } else if (known == null) {
        waiting.remove(client);
        answer(client, new Outcome.Failed(Outcome.Failure.TIMED_OUT));
      }
    }
  }
}
