package io.balsa.routing;

/**
 * What is known of the leader.
 *
 * <ol>
 *   <li>The term never goes back: what is said of an older one is ignored.
 *   <li>In one term there is one leader at most; once it is lost, its followers' word that it leads
 *       is not taken, for they may not have noticed. Its own word is.
 * </ol>
 *
 * @param term the newest term whose leader was heard of
 * @param leader that leader's member id; 0 before any was heard of
 * @param lost whether it was found unreachable or silent since
 */
public record LeaderView(long term, long leader, boolean lost) {
  /** Nothing known. */
  public static final LeaderView NONE = new LeaderView(0, 0, true);

  /** Whether there is a leader to send to. */
  public boolean known() {
    return !lost;
  }

  /**
   * After hearing of a leader.
   *
   * @param from the member that says it
   * @param saidLeader 0 when it knows none, which says nothing about others
   */
  public LeaderView told(long from, long saidTerm, long saidLeader) {
    boolean news = saidLeader != 0 && Long.compareUnsigned(saidTerm, term) > 0;
    boolean back = lost && saidTerm == term && saidLeader == leader && from == leader;
    return news || back ? new LeaderView(saidTerm, saidLeader, saidLeader == 0) : this;
  }

  /** After losing sight of a member. */
  public LeaderView losing(long member) {
    return member == leader && !lost ? new LeaderView(term, leader, true) : this;
  }
}
