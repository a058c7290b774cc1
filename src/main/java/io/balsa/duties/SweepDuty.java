package io.balsa.duties;

import io.balsa.model.Command;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes on with large deletions under a leader: proposes to sweep the oldest, a piece at a time. Two
 * pieces are under way at most, so that the log never holds many of them before a client's write.
 */
public final class SweepDuty {
  /** One is applied while the next one is on its way through the log. */
  private static final int UNDER_WAY_MAX = 2;

  private int underWay;

  /** A duty of which nothing is proposed. */
  public SweepDuty() {}

  /**
   * Says what to propose now. For each, {@link #ended} is to follow.
   *
   * @param leads whether this server leads
   * @param oldest the revision of the oldest large deletion that is under way; 0 for none
   */
  public List<Command> step(boolean leads, long oldest) {
    List<Command> proposals = new ArrayList<>();
    while (leads && oldest != 0 && underWay < UNDER_WAY_MAX) {
      underWay++;
      proposals.add(new Command.Sweep(oldest));
    }
    return proposals;
  }

  /** A proposal was applied, or never will be, or nobody knows: another one may take its place. */
  public void ended() {
    underWay--;
  }
}
