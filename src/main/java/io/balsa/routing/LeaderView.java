package io.balsa.routing;

/**
 * What a client knows of the leader.
 *
 * <ol>
 *   <li>The term never decreases: reports of an older term are ignored.
 *   <li>A term has at most one leader (Election Safety, thesis section 3.4). Once the leader is
 *       lost, only its own report brings it back. Its followers may not have noticed the loss.
 * </ol>
 *
 * @param term the newest term with a known leader
 * @param leader the leader's member id; 0 before any was known
 * @param lost whether the leader was found unreachable or silent since then
 */
public record LeaderView(long term, long leader, boolean lost) {
  /** No leader is known. */
  public static final LeaderView NONE = new LeaderView(0, 0, true);

  /** Whether a leader is known and not lost. */
  public boolean known() {
    return !lost;
  }

  /**
   * The view after a report about the leader.
   *
   * @param from the member that reports
   * @param saidLeader the leader it knows; 0 for none, which says nothing about the other members.
   *     A leader that says so has stepped down, for example because it lost its majority
   */
  public LeaderView told(long from, long saidTerm, long saidLeader) {
    if (from == leader && saidLeader == 0 && Long.compareUnsigned(saidTerm, term) >= 0) {
      return losing(leader);
    }
    boolean news = saidLeader != 0 && Long.compareUnsigned(saidTerm, term) > 0;
    boolean back = lost && saidTerm == term && saidLeader == leader && from == leader;
    return news || back ? new LeaderView(saidTerm, saidLeader, saidLeader == 0) : this;
  }

  /** The view after a member was lost. */
  public LeaderView losing(long member) {
    return member == leader && !lost ? new LeaderView(term, leader, true) : this;
  }
}
