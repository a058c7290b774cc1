package io.balsa.node;

import io.balsa.node.apply.AppliedFacts;
import io.balsa.node.apply.ApplyLane;
import io.balsa.node.watches.Watches;
import io.balsa.wal.Identity;

/** Puts a server's {@link NodeStatus} together, from any thread. */
final class StatusBoard {
  private final Identity identity;
  private final PublishedStatus published;
  private final ApplyLane apply;
  private final Housekeeping housekeeping;
  private final Watches watches;

  StatusBoard(
      Identity identity,
      PublishedStatus published,
      ApplyLane apply,
      Housekeeping housekeeping,
      Watches watches) {
    this.identity = identity;
    this.published = published;
    this.apply = apply;
    this.housekeeping = housekeeping;
    this.watches = watches;
  }

  NodeStatus read() {
    AppliedFacts facts = apply.facts();
    return new NodeStatus(
        identity.clusterId(),
        published.raft(),
        facts.applied(),
        facts.revision(),
        facts.compactRevision(),
        facts.hash(),
        housekeeping.sizeBytes(),
        facts.usedBytes(),
        facts.keys(),
        facts.members(),
        facts.alarms(),
        published.pausesSeen(),
        watches.behind());
  }
}
