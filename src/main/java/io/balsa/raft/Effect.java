package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.util.List;

/**
 * A task of the core for its driver. The driver carries out effects in order. A delay is always
 * safe. An effect that names a persist must wait until that persist, and all before it, are
 * durable.
 */
public sealed interface Effect {
  /**
   * Write term, vote and entries; answered by {@link Input.Persisted}. An entry at an index of the
   * log replaces the entry there, and all after it.
   *
   * @param number numbers {@link Persist} and {@link Reset} together, from 1 on without gaps
   * @param term the current term
   * @param votedFor the candidate that got this server's vote in the term; 0 for none
   * @param append consecutive entries; empty when only term or vote changed
   */
  record Persist(long number, long term, long votedFor, List<Entry> append) implements Effect {}

  /** Start the log anew after a snapshot that is installed, keeping term and vote. */
  record Reset(long number, Snapshot snapshot) implements Effect {}

  /**
   * Send a message.
   *
   * @param after the number of the persist that must be durable first; 0 for none
   */
  record Send(long after, long to, Message message) implements Effect {}

  /**
   * Apply these entries, the next ones in the log: they are committed, and this server's own disk
   * has them. Answered by {@link Input.Applied} later. {@link RaftConfig#unappliedBytesMax} bounds
   * the unapplied entries.
   */
  record Commit(List<Entry> entries) implements Effect {}

  /**
   * Read durable entries of this server's log that are not in memory; answered by {@link
   * Input.Loaded}. One load runs at a time.
   *
   * @param from the first index wanted
   * @param to the last index wanted, at least {@code from}
   * @param bytesMax stop before more bytes than this, but read at least one entry
   */
  record Load(long from, long to, int bytesMax) implements Effect {}

  /**
   * Read a chunk of a snapshot for a follower; answered by {@link Input.ChunkLoaded}.
   *
   * @param snapshotIndex continue this snapshot; 0 for the newest. If it does not exist any more,
   *     the answer is the first chunk of another one
   */
  record LoadChunk(long to, long snapshotIndex, long offset, int bytesMax) implements Effect {}

  /**
   * Save a chunk of a snapshot, if the last chunk ended at {@code offset}. Answered by {@link
   * Input.ChunkSaved} with the bytes that are saved, also if this was not the next chunk.
   */
  record SaveChunk(Snapshot snapshot, long offset, Bytes data, boolean done) implements Effect {}

  /**
   * Replace the state by the snapshot, all chunks of which are saved. Answered by {@link
   * Input.Installed}, or by {@link Input.ChunkSaved} if the saved bytes are damaged.
   */
  record Install(Snapshot snapshot) implements Effect {}

  /** Serve the reads of this number when all entries up to the index are applied. */
  record ReadReady(long id, long index) implements Effect {}

  /** No read index can be had now; ask again with a new number. */
  record ReadFailed(long id) implements Effect {}

  /**
   * The commands of a batch were proposed in this term and no other. Once an entry of a later term
   * is applied, commands of the batch that are not applied never will be. The leader may still
   * refuse a follower's batch; then {@link Refused} follows, perhaps twice.
   */
  record Proposed(long batch, long term) implements Effect {}

  /** The commands of a batch were not appended and will not be. */
  record Refused(long batch, Refusal refusal) implements Effect {}

  /**
   * Role, term or known leader have changed.
   *
   * @param leader the id of the leader; 0 when none is known
   */
  record RoleChanged(Role role, long term, long leader) implements Effect {}

  /**
   * A peer sent a message that no server that follows the rules sends; Raft ignored it. The driver
   * should ignore this peer for a while.
   */
  record Disbelieved(long peer, Disbelief disbelief) implements Effect {}

  /**
   * A follower has lost an entry that it acknowledged to this leader: an older copy of its disk was
   * put back, or its disk lost what was forced. The leader sends the entries again.
   *
   * @param index the entry
   */
  record EntryLost(long peer, long index) implements Effect {}

  /** A leadership transfer failed; this server still leads. */
  record TransferFailed(long target) implements Effect {}
}
