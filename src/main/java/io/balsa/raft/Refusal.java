package io.balsa.raft;

/**
 * Why commands were not appended. By this proposal, none of them ever will be. Only {@link
 * #NOT_LEADER} of another server is not final.
 */
public enum Refusal {
  /** No leader is known here. */
  NO_LEADER,
  /** The server asked is not the leader of the term that the proposal names. */
  NOT_LEADER,
  /** The leader is handing its leadership over (thesis 3.10). */
  TRANSFERRING,
  /** The leader's uncommitted log is full. */
  OVERLOADED
}
