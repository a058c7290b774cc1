package io.balsa.raft;

/**
 * Loads entries that are not in memory, one {@link Effect.Load} at a time. The state machine and
 * the followers take turns.
 */
final class Loads {
  private final RaftLog log;
  private final ServerState.Effects effects;
  private final int bytesMax;
  private boolean underWay;
  private boolean followersTurn;

  Loads(RaftLog log, ServerState.Effects effects, int bytesMax) {
    this.log = log;
    this.effects = effects;
    this.bytesMax = bytesMax;
  }

  boolean underWay() {
    return underWay;
  }

  /**
   * Emits the next load, if any.
   *
   * @param applying the index that the state machine waits for, 0 for none
   * @param follower the index that a follower waits for, 0 for none
   */
  void serve(long applying, long follower) {
    if (underWay || (applying == 0 && follower == 0)) {
      return;
    }
    boolean forFollower = applying == 0 || (follower != 0 && followersTurn);
    long from = forFollower ? follower : applying;
    long to = Math.min(log.recent().firstIndex() - 1, log.durableIndex());
    followersTurn = !forFollower;
    underWay = true;
    effects.emit(new Effect.Load(from, to, bytesMax));
  }

  /** The load was answered. */
  void ended() {
    underWay = false;
  }
}
