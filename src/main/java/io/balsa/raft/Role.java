package io.balsa.raft;

/** The role of a server; the state of each role has its own class. */
public enum Role {
  /** Follows a leader or waits for one. */
  FOLLOWER,
  /** Asks whether an election could be won, without changing any term (thesis 9.6). */
  PRE_CANDIDATE,
  /** Asks for votes in a new term (thesis 3.4). */
  CANDIDATE,
  /** Leads its term. */
  LEADER
}
