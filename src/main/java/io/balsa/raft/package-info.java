/**
 * The Raft algorithm as a state machine: {@code Raft.step(Input)} returns the list of {@link
 * io.balsa.raft.Effect}s that its driver must carry out.
 *
 * <p>The one idea: inputs in, effects out. Every effect names the persist that must be durable
 * before it. There is no clock (time comes as {@link io.balsa.raft.Input.Tick}s), no random
 * generator (a tick has a random number), no thread, no file and no socket. This room uses {@code
 * bytes} only.
 *
 * <ul>
 *   <li>Roles: {@code Follower}, {@code PreCandidate}, {@code Candidate}, {@code Leader}. {@code
 *       ServerState} is the state that all roles share.
 *   <li>Log: {@code RaftLog}, with {@code TermRuns}, {@code RecentEntries}, {@code Configurations}
 *       and {@code Persists}.
 *   <li>Replication: {@code Replication}, {@code Progress}, {@code Followers}, {@code
 *       SnapshotTransfer}; on the other side {@code Appending} and {@code IncomingSnapshot}.
 *   <li>Elections: {@code Voting}, {@code Votes}, {@code Quorum}, {@code Countdown}.
 *   <li>Reads: {@code ReadRounds} at the leader, {@code FollowerReads} at a follower.
 *   <li>Applying: {@code Applying} and {@code Loads}.
 *   <li>Checks: {@code Credibility} of messages, and {@code Invariants}.
 * </ul>
 *
 * <p>Start reading at {@code Raft}, then one role after the other. The terms are those of Ongaro's
 * dissertation ("Consensus: Bridging Theory and Practice", 2014), cited as "thesis".
 */
@NullMarked
package io.balsa.raft;

import org.jspecify.annotations.NullMarked;
