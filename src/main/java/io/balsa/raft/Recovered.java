package io.balsa.raft;

import java.util.List;

/**
 * What a server finds on its disk at the start.
 *
 * @param term the durable current term
 * @param votedFor the durable vote in it; 0 for none
 * @param start what lies right before the first entry of the log: the snapshot or the compacted
 *     prefix, with the configuration in force there
 * @param terms where in the log after {@code start} each term begins: the first entry of every run
 *     of entries of one term, ascending
 * @param configurations the entries of the log that hold a configuration, ascending
 * @param recent the newest entries of the log, consecutive up to {@code last}; as many as the
 *     recovery kept, maybe none
 * @param last the end of the log
 * @param applied the index up to which the state machine's durable state goes; committed, and never
 *     before {@code start} nor behind {@code last}
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
  /** A server that has never run, in a cluster of this first configuration. */
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
