package io.balsa.raft;

import io.balsa.raft.Message.InstallSnapshotReply;
import org.jspecify.annotations.Nullable;

/**
 * The transfer of a snapshot to a follower (thesis 5.2), one chunk at a time: read, sent, answered.
 * The answer has the offset of the next chunk, so an interrupted transfer continues there.
 */
final class SnapshotTransfer {
  private final long follower;
  private final ServerState server;
  private @Nullable Snapshot snapshot;
  private long offset;
  private boolean reading;
  private long sentAt;

  SnapshotTransfer(long follower, ServerState server) {
    this.follower = follower;
    this.server = server;
  }

  /** Asks for the next chunk; of the newest snapshot when none is chosen. */
  void read() {
    reading = true;
    Snapshot current = snapshot;
    long index = current == null ? 0 : current.index();
    server.emit(new Effect.LoadChunk(follower, index, offset, server.config.chunkBytes()));
  }

  /** Takes a chunk that was read, if it is the next one or begins a newer snapshot. */
  boolean accept(Input.ChunkLoaded chunk, long now) {
    boolean expected = reading && (chunk.offset() == offset || !chunk.snapshot().equals(snapshot));
    if (expected) {
      reading = false;
      snapshot = chunk.snapshot();
      offset = chunk.offset();
      sentAt = now;
    }
    return expected;
  }

  /**
   * Whether the follower waits for another chunk of this snapshot. An answer that asks for the
   * chunk just sent is a duplicate: following it would send all later chunks twice.
   */
  boolean advance(InstallSnapshotReply reply) {
    Snapshot current = snapshot;
    if (reading
        || current == null
        || current.index() != reply.snapshotIndex()
        || reply.nextOffset() == offset) {
      return false;
    }
    offset = reply.nextOffset();
    return true;
  }

  /** Whether the chunk that was sent, or its answer, seems lost. */
  boolean isStuck(long now) {
    return !reading && now - sentAt >= server.config.electionTicks();
  }

  /** Whether the chunk that was sent has no answer yet. */
  boolean awaitsAnswer() {
    return !reading;
  }
}
