package io.balsa.drill;

import java.time.Duration;
import java.util.Optional;

/**
 * What one failure cost.
 *
 * @param election from the failure to a new leader; empty when none was needed
 * @param writeGap the longest time without an acknowledged write
 * @param readGap the longest time without an answered read
 * @param catchUp how the server that was away caught up, if one was
 */
record FailureRound(
    Optional<Duration> election, Duration writeGap, Duration readGap, Optional<CatchUp> catchUp) {
  /**
   * A server that returned.
   *
   * @param entries how many entries it had missed
   * @param time from its start until it had applied what the others had when it was started
   * @param way how it got them
   */
  record CatchUp(long entries, Duration time, Way way) {}

  /** How a server caught up. */
  enum Way {
    LOG,
    SNAPSHOT
  }
}
