package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.util.List;

/** An input of the core: an event at a server. */
public sealed interface Input {
  /**
   * Ten milliseconds have passed.
   *
   * @param dice a fresh random number, uniform over the non-negative ints; every random wait is
   *     taken from the newest one
   */
  record Tick(int dice) implements Input {}

  /** A message has arrived. It may be old, a duplicate, or from a server that is behind. */
  record Receive(long from, Message message) implements Input {}

  /**
   * Append clients' commands to the log. One {@link Effect.Proposed} or {@link Effect.Refused}
   * answers the whole batch.
   *
   * @param batch the driver's number of the batch, never used twice in a run
   */
  record Propose(long batch, List<Bytes> commands) implements Input {}

  /**
   * Get a read index for clients' reads; answered by {@link Effect.ReadReady} or {@link
   * Effect.ReadFailed}.
   *
   * @param id the driver's number of the request, never used twice in a run
   */
  record ReadIndex(long id) implements Input {}

  /**
   * The {@link Effect.Persist} or {@link Effect.Reset} of this number is durable, and so are all
   * before it.
   */
  record Persisted(long number) implements Input {}

  /**
   * Answers {@link Effect.Load}.
   *
   * @param from the index asked for
   * @param entries consecutive entries from there; empty when the log does not have them any more
   */
  record Loaded(long from, List<Entry> entries) implements Input {}

  /** The state machine has applied all entries up to an index. */
  record Applied(long index) implements Input {}

  /** The log dropped the entries up to an index; all of them are applied and flushed. */
  record Compacted(long index) implements Input {}

  /**
   * Answers {@link Effect.LoadChunk}.
   *
   * @param to the follower that gets the chunk
   * @param snapshot the snapshot that was read, perhaps newer than the one asked for
   * @param offset the place of {@code data}
   * @param done whether this is the last chunk
   */
  record ChunkLoaded(long to, Snapshot snapshot, long offset, Bytes data, boolean done)
      implements Input {}

  /**
   * Answers {@link Effect.SaveChunk}.
   *
   * @param nextOffset the number of bytes of the snapshot that are saved
   */
  record ChunkSaved(Snapshot snapshot, long nextOffset) implements Input {}

  /** Answers {@link Effect.Install}: the snapshot has durably replaced the state. */
  record Installed(Snapshot snapshot) implements Input {}

  /** The connection to a peer broke. If the peer leads, it may be dead. */
  record Suspect(long peer) implements Input {}

  /** A connection to a peer was made. */
  record Connected(long peer) implements Input {}

  /** A force of the log takes too long: this server must not lead. */
  record DiskStalled() implements Input {}

  /** The log's disk answers again. */
  record DiskRecovered() implements Input {}

  /**
   * Transfer leadership (thesis 3.10); ends in {@link Effect.RoleChanged} or, after an election
   * timeout, {@link Effect.TransferFailed}.
   *
   * @param target the voter that shall lead; 0 for the active voter that is the best next leader
   */
  record TransferLeadership(long target) implements Input {}
}
