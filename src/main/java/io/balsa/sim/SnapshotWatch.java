package io.balsa.sim;

import io.balsa.raft.Message.InstallSnapshot;
import io.balsa.raft.Message.InstallSnapshotReply;
import java.util.HashMap;

/**
 * A follower that gets a snapshot has of it no more than was sent to it, each part once and at its
 * own place (thesis figure 5.3, step 3), whatever came twice.
 */
final class SnapshotWatch {
  private record Transfer(long to, long index) {}

  private final World world;
  private final HashMap<Transfer, Long> sent = new HashMap<>();

  SnapshotWatch(World world) {
    this.world = world;
  }

  /** A part leaves. */
  void sends(long to, InstallSnapshot part) {
    sent.merge(
        new Transfer(to, part.snapshot().index()), part.offset() + part.data().size(), Math::max);
  }

  /** A follower says how much it has. */
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
