package io.balsa.raft;

import io.balsa.bytes.Check;

/**
 * The bounds of one server's Raft.
 *
 * @param self the server's id, not 0
 * @param ticks how long Raft waits
 * @param window what may be on its way to a follower
 * @param memory how many bytes of entries Raft may hold
 * @param chunkBytes bytes of a snapshot in one message
 */
public record RaftConfig(long self, Ticks ticks, Window window, Memory memory, int chunkBytes) {
  /**
   * How long Raft waits, in ticks.
   *
   * @param election ticks without a leader before a follower asks for an election; the wait is
   *     random between this and twice this
   * @param heartbeat ticks between heartbeats
   */
  public record Ticks(int election, int heartbeat) {
    public Ticks {
      Check.that(heartbeat >= 1, "heartbeats are a tick or more apart");
      Check.that(election >= 2 * heartbeat, "an election waits for two heartbeats");
    }
  }

  /**
   * What may be on its way to a follower in replication.
   *
   * @param messageBytesMax bytes of entries in one message, at least one entry
   * @param inflightMessagesMax messages on their way
   * @param inflightBytesMax bytes of entries on their way
   */
  public record Window(int messageBytesMax, int inflightMessagesMax, long inflightBytesMax) {
    public Window {
      Check.that(messageBytesMax > 0 && inflightMessagesMax > 0, "messages have room");
      Check.that(inflightBytesMax >= messageBytesMax, "a message fits the window");
    }
  }

  /**
   * How many bytes of entries Raft may hold.
   *
   * @param uncommittedBytesMax in the leader's log and not committed; beyond it proposals are
   *     refused
   * @param unappliedBytesMax committed, handed out, and not reported applied
   * @param recentBytesMax kept in memory behind the end of the log
   */
  public record Memory(long uncommittedBytesMax, long unappliedBytesMax, long recentBytesMax) {}

  public RaftConfig {
    Check.that(self != 0, "a server's id is not 0");
    Check.that(chunkBytes > 0, "chunks have room");
  }

  /** The defaults: etcd's heartbeat of 100 ms and election timeout of 1,000 ms. */
  public static RaftConfig defaults(long self) {
    return new RaftConfig(
        self,
        new Ticks(100, 10),
        new Window(1 << 20, 256, 8 << 20),
        new Memory(64 << 20, 16 << 20, 2 << 20),
        1 << 20);
  }

  /** The same for another server. */
  public RaftConfig withSelf(long id) {
    return new RaftConfig(id, ticks, window, memory, chunkBytes);
  }

  /** The same with other times, in ticks. */
  public RaftConfig withTicks(int election, int heartbeat) {
    return new RaftConfig(self, new Ticks(election, heartbeat), window, memory, chunkBytes);
  }

  /** The same with another bound for the bytes of one message; the window's bytes stay. */
  public RaftConfig withMessageBytes(int bytesMax) {
    return with(new Window(bytesMax, inflightMessagesMax(), inflightBytesMax()));
  }

  /** The same with another bound for the messages on their way to a follower. */
  public RaftConfig withInflightMessages(int messagesMax) {
    return with(new Window(messageBytesMax(), messagesMax, inflightBytesMax()));
  }

  /** The same with another bound, at least a message, for the bytes on their way to a follower. */
  public RaftConfig withInflightBytes(long bytesMax) {
    return with(new Window(messageBytesMax(), inflightMessagesMax(), bytesMax));
  }

  /** The same with another bound for the bytes that are not committed. */
  public RaftConfig withUncommittedBytes(long bytesMax) {
    return with(new Memory(bytesMax, unappliedBytesMax(), recentBytesMax()));
  }

  /** The same with another bound for the bytes that are handed out and not applied. */
  public RaftConfig withUnappliedBytes(long bytesMax) {
    return with(new Memory(uncommittedBytesMax(), bytesMax, recentBytesMax()));
  }

  /** The same with another bound for the bytes behind the end of the log kept in memory. */
  public RaftConfig withRecentBytes(long bytesMax) {
    return with(new Memory(uncommittedBytesMax(), unappliedBytesMax(), bytesMax));
  }

  /** The same with chunks of snapshots of another size. */
  public RaftConfig withChunkBytes(int bytes) {
    return new RaftConfig(self, ticks, window, memory, bytes);
  }

  private RaftConfig with(Window other) {
    return new RaftConfig(self, ticks, other, memory, chunkBytes);
  }

  private RaftConfig with(Memory other) {
    return new RaftConfig(self, ticks, window, other, chunkBytes);
  }

  /** As {@link Ticks#election}. */
  public int electionTicks() {
    return ticks.election();
  }

  /** As {@link Ticks#heartbeat}. */
  public int heartbeatTicks() {
    return ticks.heartbeat();
  }

  /** As {@link Window#messageBytesMax}. */
  public int messageBytesMax() {
    return window.messageBytesMax();
  }

  /** As {@link Window#inflightMessagesMax}. */
  public int inflightMessagesMax() {
    return window.inflightMessagesMax();
  }

  /** As {@link Window#inflightBytesMax}. */
  public long inflightBytesMax() {
    return window.inflightBytesMax();
  }

  /** As {@link Memory#uncommittedBytesMax}. */
  public long uncommittedBytesMax() {
    return memory.uncommittedBytesMax();
  }

  /** As {@link Memory#unappliedBytesMax}. */
  public long unappliedBytesMax() {
    return memory.unappliedBytesMax();
  }

  /** As {@link Memory#recentBytesMax}. */
  public long recentBytesMax() {
    return memory.recentBytesMax();
  }
}
