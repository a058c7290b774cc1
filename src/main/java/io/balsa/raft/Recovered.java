package io.balsa.raft;

import java.util.List;

/**
 * The state that a server recovers from its disk at its start.
 *
 * @param term the durable current term
 * @param votedFor the durable vote in this term; 0 for none
 * @param start the place right before the first entry of the log, with the configuration in force
 *     there: the end of the snapshot or of the compacted prefix
 * @param terms the first entry of each term in the log after {@code start}, ascending
 * @param configurations the entries of the log that hold a configuration, ascending
 * @param recent the newest entries of the log, consecutive up to {@code last}, perhaps none
 * @param last the end of the log
 * @param applied the last index in the state machine's durable state; committed, and between {@code
 *     start} and {@code last}
 */
public record Recovered(
    long term,
    long votedFor,
    Snapshot start,
    List<LogPosition> terms,
    List<Entry> configurations,
    List<Entry> recent,
    LogPosition last,
    long applied) {
  /** The state of a new server in a cluster with this first configuration. */
  public static Recovered empty(Configuration configuration) {
    return new Recovered(
        0,
        0,
        new Snapshot(0, 0, configuration),
        List.of(),
        List.of(),
        List.of(),
        LogPosition.ZERO,
        0);
  }
}
