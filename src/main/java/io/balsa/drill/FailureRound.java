package io.balsa.drill;

import java.time.Duration;
import java.util.Optional;

/**
 * The cost of one failure.
 *
 * @param election the time from the failure to a new leader; empty when the leader did not fail
 * @param writeGap the longest time without an acknowledged write
 * @param readGap the longest time without an answered read
 * @param catchUp of the server that failed; empty when none did
 */
record FailureRound(
    Optional<Duration> election, Duration writeGap, Duration readGap, Optional<CatchUp> catchUp) {
  /**
   * The catch-up of a server that was started again.
   *
   * @param entries the number of entries that it had missed
   * @param time from its start until it had applied all entries that the leader had at this start
   * @param way how it got the entries
   */
  record CatchUp(long entries, Duration time, Way way) {}

  /** Whether a server caught up by log entries or by a snapshot. */
  enum Way {
    LOG,
    SNAPSHOT
  }
}
