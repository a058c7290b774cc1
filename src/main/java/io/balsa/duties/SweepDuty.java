package io.balsa.duties;

import io.balsa.model.Command;
import java.util.ArrayList;
import java.util.List;

/**
 * Continues large deletions while this server leads: proposes to sweep the oldest deletion, one
 * piece at a time. At most two pieces are open, so that a client's write never waits behind many of
 * them.
 */
public final class SweepDuty {
  /** One is applied while the next one is on its way through the log. */
  private static final int UNDER_WAY_MAX = 2;

  private int underWay;

  /** A duty without open proposals. */
  public SweepDuty() {}

  /**
   * Returns the commands to propose now. The caller must call {@link #ended} for each.
   *
   * @param leads whether this server leads
   * @param oldest the revision of the oldest unfinished large deletion; 0 for none
   */
  public List<Command> step(boolean leads, long oldest) {
    List<Command> proposals = new ArrayList<>();
    while (leads && oldest != 0 && underWay < UNDER_WAY_MAX) {
      underWay++;
      proposals.add(new Command.Sweep(oldest));
    }
    return proposals;
  }

  /**
   * A proposal was applied, will never be applied, or has an unknown outcome. Another may take its
   * place.
   */
  public void ended() {
    underWay--;
  }
}
