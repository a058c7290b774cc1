package io.balsa.sim;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs many seeds, one after the other, and says what came of them. */
public final class Simulate {
  /** Held, so that its level stays. */
  private static final Logger SERVERS = Logger.getLogger("io.balsa.node");

  private Simulate() {}

  /** Servers of the simulated world log nothing from now on; a trace says more. */
  public static void quiet() {
    SERVERS.setLevel(Level.OFF);
  }

  /**
   * Runs the seeds from {@code first} on.
   *
   * @param out a line for each seed that breaks, and a summary
   * @return how many broke
   */
  public static int run(long first, int count, SimOptions options, PrintStream out) {
    quiet();
    int broken = 0;
    long events = 0;
    long virtualNanos = 0;
    long acknowledged = 0;
    Map<String, Integer> faults = new TreeMap<>();
    Map<String, Integer> marks = new TreeMap<>();
    for (long seed = first; seed < first + count; seed++) {
      SimReport report = Simulation.run(seed, options);
      events += report.events();
      virtualNanos += report.virtualNanos();
      acknowledged += report.acknowledged();
      report.faults().forEach((fault, times) -> faults.merge(fault, times, Integer::sum));
      report.marks().forEach((mark, times) -> marks.merge(mark, times, Integer::sum));
      if (!report.passed()) {
        broken++;
        out.println(report);
      }
    }
    out.printf(
        Locale.ROOT,
        "%d seeds from %d on: %d broken; %d events in %.0f virtual seconds,"
            + " %d writes acknowledged%nfaults %s%nseen %s%n",
        count,
        first,
        broken,
        events,
        virtualNanos / 1e9,
        acknowledged,
        faults,
        marks);
    return broken;
  }
}
