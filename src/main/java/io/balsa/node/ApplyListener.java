package io.balsa.node;

import io.balsa.host.Lane;
import io.balsa.lanes.AnswerRoom;
import io.balsa.model.Changes;
import io.balsa.model.EntryToApply;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.node.apply.AppliedFacts;
import io.balsa.node.apply.ApplyLane;
import io.balsa.node.leases.LeaseDesk;
import io.balsa.node.peers.Peers;
import io.balsa.node.reads.ReadDesk;
import io.balsa.node.watches.Watches;
import io.balsa.wire.Frame;
import java.util.List;
import java.util.function.Consumer;

/** Passes on what applying leads to in other parts; called on the apply lane. */
final class ApplyListener implements ApplyLane.Listener {
  /** The parts that hear of it. */
  record Targets(
      RaftLane raft,
      ReadDesk reads,
      Watches watches,
      LeaseDesk leases,
      Housekeeping housekeeping,
      Peers peers,
      HashExchange hashes) {}

  private final Lane lane;
  private final Port<Targets> targets;
  private final StateLog log;

  /**
   * For one apply lane.
   *
   * @param lane the raft lane
   */
  ApplyListener(Lane lane, Port<Targets> targets, StateLog log) {
    this.lane = lane;
    this.log = log;
    this.targets = targets;
  }

  @Override
  public void applied(AppliedFacts facts) {
    Targets to = targets.get();
    to.reads().applied();
    to.housekeeping().applied(facts);
    log.applied(facts);
  }

  @Override
  public void swept() {
    log.swept();
  }

  @Override
  public boolean wantsChanges() {
    return targets.get().watches().wanted();
  }

  @Override
  public void changed(List<Changes> changes, AppliedFacts facts) {
    targets.get().watches().applied(changes, facts);
  }

  @Override
  public void count(Range range, AnswerRoom room, Consumer<Result.Range> counted) {
    targets.get().reads().count(range, room, counted);
  }

  @Override
  public void hashed(long index, long hash) {
    lane.run(() -> targets.get().hashes().applied(new Frame.StateHash(index, hash)));
  }

  @Override
  public void leasesChanged(List<EntryToApply> entries, List<Result> results) {
    targets.get().leases().applied(entries, results);
  }

  @Override
  public void proposalsWait() {
    targets.get().raft().wake();
  }

  @Override
  public void membersChanged() {
    lane.run(
        () -> {
          Targets to = targets.get();
          to.housekeeping().checkOwnDisk();
          to.peers().membersChanged();
          to.housekeeping().flush();
        });
  }
}
