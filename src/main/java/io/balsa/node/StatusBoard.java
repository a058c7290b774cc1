package io.balsa.node;

import io.balsa.node.apply.AppliedFacts;
import io.balsa.node.apply.ApplyLane;
import io.balsa.wal.Identity;

/** Puts a server's {@link NodeStatus} together, from any thread. */
final class StatusBoard {
  private final Identity identity;
  private final PublishedStatus published;
  private final ApplyLane apply;
  private final Housekeeping housekeeping;

  StatusBoard(
      Identity identity, PublishedStatus published, ApplyLane apply, Housekeeping housekeeping) {
    this.identity = identity;
    this.published = published;
    this.apply = apply;
    this.housekeeping = housekeeping;
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
        facts.members(),
        facts.alarms(),
        published.pausesSeen());
  }
}
