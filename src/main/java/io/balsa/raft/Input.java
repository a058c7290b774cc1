package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.util.List;

/** Everything that can happen to a server. */
public sealed interface Input {
  /**
   * Ten milliseconds have passed.
   *
   * @param dice a fresh random number, uniform over the non-negative ints; every random wait is
   *     taken from the newest one
   */
  record Tick(int dice) implements Input {}

  /** A message has arrived; it may be old, doubled or from a server that knows no better. */
  record Receive(long from, Message message) implements Input {}

  /**
   * Clients want commands in the log; answered by {@link Effect.Proposed} or {@link
   * Effect.Refused}, all of them alike.
   *
   * @param batch the driver's number for them, never used twice in a run
   */
  record Propose(long batch, List<Bytes> commands) implements Input {}

  /**
   * Clients want to read; answered by {@link Effect.ReadReady} or {@link Effect.ReadFailed}.
   *
   * @param id the driver's number, never used twice in a run
   */
  record ReadIndex(long id) implements Input {}

  /**
   * The {@link Effect.Persist} or {@link Effect.Reset} of that number is durable, as are all
   * before.
   */
  record Persisted(long number) implements Input {}

  /**
   * Answers {@link Effect.Load}.
   *
   * @param from the index asked for
   * @param entries consecutive entries from there; empty when they are no longer in the log
   */
  record Loaded(long from, List<Entry> entries) implements Input {}

  /** The state machine has applied all entries up to an index. */
  record Applied(long index) implements Input {}

  /** The log no longer holds the entries up to an index, all of which are applied and flushed. */
  record Compacted(long index) implements Input {}

  /**
   * Answers {@link Effect.LoadChunk}.
   *
   * @param to the follower meant
   * @param snapshot the snapshot read from, maybe newer than the one asked for
   * @param offset the place of {@code data}
   * @param done whether the snapshot ends here
   */
  record ChunkLoaded(long to, Snapshot snapshot, long offset, Bytes data, boolean done)
      implements Input {}

  /**
   * Answers {@link Effect.SaveChunk}.
   *
   * @param nextOffset how many bytes of the snapshot are here
   */
  record ChunkSaved(Snapshot snapshot, long nextOffset) implements Input {}

  /** Answers {@link Effect.Install}: the snapshot's state has durably taken the old one's place. */
  record Installed(Snapshot snapshot) implements Input {}

  /** The connection to a peer broke: if it is the leader, it may be dead. */
  record Suspect(long peer) implements Input {}

  /** A connection to a peer was made. */
  record Connected(long peer) implements Input {}

  /** A force of the log has not ended for too long: this server must not lead. */
  record DiskStalled() implements Input {}

  /** The log's disk answers again. */
  record DiskRecovered() implements Input {}

  /**
   * Hand leadership over (thesis 3.10); ends in {@link Effect.RoleChanged} or, after an election
   * timeout, {@link Effect.TransferFailed}.
   *
   * @param target the voter that shall lead; 0 for the one with the longest log
   */
  record TransferLeadership(long target) implements Input {}
}
