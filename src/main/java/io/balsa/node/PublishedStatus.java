package io.balsa.node;

import io.balsa.raft.RaftStatus;

/** What the raft lane last published, for readers on any thread; some milliseconds old at most. */
final class PublishedStatus {
  private volatile RaftStatus raft;
  private volatile long pausesSeen;

  /** Raft as it starts. */
  PublishedStatus(RaftStatus raft) {
    this.raft = raft;
  }

  /** Raft has stepped; on the raft lane. */
  void publish(RaftStatus status) {
    raft = status;
  }

  /** A tick has passed; on the raft lane. */
  void publishPauses(long seen) {
    pausesSeen = seen;
  }

  RaftStatus raft() {
    return raft;
  }

  /** How many times the process was found to have stood still. */
  long pausesSeen() {
    return pausesSeen;
  }
}
