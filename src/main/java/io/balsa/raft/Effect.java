package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.util.List;

/**
 * What the core asks its driver to do, in this order. A delay is always safe; an effect that names
 * a persist must not happen before that persist, and all before it, are durable.
 */
public sealed interface Effect {
  /**
   * Write term, vote and entries; answered by {@link Input.Persisted}. An entry at an index that
   * the log already has takes the place of it and of all after it.
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
   * Apply these entries, the next ones in the log: they are committed and durable here. Answered by
   * {@link Input.Applied}, some time; no more than a bounded number of bytes is handed out
   * unapplied.
   */
  record Commit(List<Entry> entries) implements Effect {}

  /**
   * Read durable entries of the own log that are no longer in memory; answered by {@link
   * Input.Loaded}. One at a time.
   *
   * @param from the first index wanted
   * @param to the last index wanted, at least {@code from}
   * @param bytesMax stop before more than this, but never without one entry
   */
  record Load(long from, long to, int bytesMax) implements Effect {}

  /**
   * Read a part of a snapshot for a follower; answered by {@link Input.ChunkLoaded}.
   *
   * @param snapshotIndex go on with this snapshot if it still exists; 0 for the newest. When it is
   *     gone, the answer is the first part of another
   */
  record LoadChunk(long to, long snapshotIndex, long offset, int bytesMax) implements Effect {}

  /**
   * Keep a part of a snapshot, if {@code offset} is where the last one ended; answered by {@link
   * Input.ChunkSaved} with what is there, also when the part was not the next.
   */
  record SaveChunk(Snapshot snapshot, long offset, Bytes data, boolean done) implements Effect {}

  /**
   * Put the snapshot, all parts of which are saved, in the place of the state; answered by {@link
   * Input.Installed}, or by {@link Input.ChunkSaved} when what is here is not what was sent.
   */
  record Install(Snapshot snapshot) implements Effect {}

  /** The reads of this number may be served once everything up to the index is applied. */
  record ReadReady(long id, long index) implements Effect {}

  /** Nobody can say now; ask again with a new number. */
  record ReadFailed(long id) implements Effect {}

  /**
   * The commands of a batch are on their way, in this term and no other: once an entry of a later
   * term is applied, those not applied never will be. A follower's batch may still be {@link
   * Refused} by the leader, and be told so twice.
   */
  record Proposed(long batch, long term) implements Effect {}

  /** The commands of a batch were not appended and will not be. */
  record Refused(long batch, Refusal refusal) implements Effect {}

  /**
   * Role, term or known leader are no longer what they were.
   *
   * @param leader 0 when nobody is known to lead
   */
  record RoleChanged(Role role, long term, long leader) implements Effect {}

  /**
   * A peer sent what no server that follows the rules sends; nothing was done with it. What else it
   * sends should not be listened to for a while.
   */
  record Disbelieved(long peer, Disbelief disbelief) implements Effect {}

  /** A transfer of leadership did not happen; this server goes on leading. */
  record TransferFailed(long target) implements Effect {}
}
