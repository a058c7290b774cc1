package io.balsa.sim;

import io.balsa.raft.Message.InstallSnapshot;
import io.balsa.raft.Message.InstallSnapshotReply;
import java.util.HashMap;

/**
 * Checks that a follower acknowledges no more of a snapshot than was sent to it, each part once and
 * at its own offset (thesis figure 5.3, step 3), even if parts arrive twice.
 */
final class SnapshotWatch {
  private record Transfer(long to, long index) {}

  private final World world;
  private final HashMap<Transfer, Long> sent = new HashMap<>();

  SnapshotWatch(World world) {
    this.world = world;
  }

  /** A leader sends a part. */
  void sends(long to, InstallSnapshot part) {
    sent.merge(
        new Transfer(to, part.snapshot().index()), part.offset() + part.data().size(), Math::max);
  }

  /** A follower acknowledges a part. */
  void has(long follower, InstallSnapshotReply reply) {
    long most = sent.getOrDefault(new Transfer(follower, reply.snapshotIndex()), 0L);
    world.expect(
        reply.nextOffset() <= most,
        () ->
            "server "
                + follower
                + " has "
                + reply.nextOffset()
                + " bytes of a snapshot of "
                + most);
  }
}
