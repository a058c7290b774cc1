package io.balsa.raft;

import io.balsa.bytes.Check;

/**
 * The bounds of one server's Raft.
 *
 * @param self the server's id, not 0
 * @param electionTicks ticks without a leader before a follower asks for an election; the wait is
 *     random between this and twice this
 * @param heartbeatTicks ticks between heartbeats
 * @param messageBytesMax bytes of entries in one message, at least one entry
 * @param inflightMessagesMax messages on their way to a follower in replication
 * @param inflightBytesMax bytes of entries on their way to a follower in replication
 * @param uncommittedBytesMax bytes of entries in the leader's log that are not committed; beyond it
 *     proposals are refused
 * @param unappliedBytesMax bytes of committed entries handed out and not reported applied
 * @param recentBytesMax bytes of entries kept in memory behind the end of the log
 * @param chunkBytes bytes of a snapshot in one message
 */
public record RaftConfig(
    long self,
    int electionTicks,
    int heartbeatTicks,
    int messageBytesMax,
    int inflightMessagesMax,
    long inflightBytesMax,
    long uncommittedBytesMax,
    long unappliedBytesMax,
    long recentBytesMax,
    int chunkBytes) {
  public RaftConfig {
    Check.that(self != 0, "a server's id is not 0");
    Check.that(heartbeatTicks >= 1, "heartbeats are a tick or more apart");
    Check.that(electionTicks >= 2 * heartbeatTicks, "an election waits for two heartbeats");
    Check.that(messageBytesMax > 0 && inflightMessagesMax > 0, "messages have room");
    Check.that(inflightBytesMax >= messageBytesMax, "a message fits the window");
    Check.that(chunkBytes > 0, "chunks have room");
  }

  /** The defaults: etcd's heartbeat of 100 ms and election timeout of 1,000 ms. */
  public static RaftConfig defaults(long self) {
    return new RaftConfig(
        self, 100, 10, 1 << 20, 256, 8 << 20, 64 << 20, 16 << 20, 2 << 20, 1 << 20);
  }

  /** The same with other times, in ticks. */
  public RaftConfig withTicks(int election, int heartbeat) {
    return new RaftConfig(
        self,
        election,
        heartbeat,
        messageBytesMax,
        inflightMessagesMax,
        inflightBytesMax,
        uncommittedBytesMax,
        unappliedBytesMax,
        recentBytesMax,
        chunkBytes);
  }
}
