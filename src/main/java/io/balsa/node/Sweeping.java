package io.balsa.node;

import io.balsa.duties.SweepDuty;
import io.balsa.host.Lane;
import io.balsa.lanes.Outcome;
import io.balsa.model.Command;
import io.balsa.node.apply.AppliedFacts;
import io.balsa.node.apply.ApplyLane;
import io.balsa.node.writes.CommandDesk;
import io.balsa.raft.Role;

/**
 * Proposes the next piece of a large deletion when this server has applied the piece before ({@link
 * SweepDuty}); on the raft lane.
 */
final class Sweeping {
  private final Lane lane;
  private final CommandDesk commands;
  private final RaftLane raft;
  private final ApplyLane apply;
  private final SweepDuty duty = new SweepDuty();

  Sweeping(Lane lane, CommandDesk commands, RaftLane raft, ApplyLane apply) {
    this.lane = lane;
    this.commands = commands;
    this.raft = raft;
    this.apply = apply;
  }

  /** Something was applied; on any lane. */
  void applied(AppliedFacts facts) {
    if (facts.tombstones().oldest() != 0) {
      lane.run(this::step);
    }
  }

  /** Proposes the pieces that are due. */
  void step() {
    boolean leads = raft.role().role() == Role.LEADER;
    for (Command sweep : duty.step(leads, apply.facts().tombstones().oldest())) {
      commands.propose(sweep, outcome -> lane.run(() -> ended(outcome)));
    }
  }

  /** A piece that failed waits for the next step: proposed at once, it would fail again. */
  private void ended(Outcome outcome) {
    duty.ended();
    if (outcome instanceof Outcome.Answered) {
      step();
    }
  }
}
