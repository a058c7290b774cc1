package io.balsa.sim;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs many seeds, one after the other, and prints a summary. */
public final class Simulate {
  /** Kept in a field, so that the logger and its level are not collected. */
  private static final Logger SERVERS = Logger.getLogger("io.balsa.node");

  private Simulate() {}

  /** Turns off the log of simulated servers; a trace has more. */
  public static void quiet() {
    SERVERS.setLevel(Level.OFF);
  }

  /**
   * Runs the seeds from {@code first} on.
   *
   * @param out gets a line for each seed that breaks, and a summary
   * @return the number of broken seeds, and the virtual time
   */
  public static Result run(long first, int count, SimOptions options, PrintStream out) {
    quiet();
    Sums sums = new Sums();
    for (long seed = first; seed < first + count; seed++) {
      sums.add(Simulation.run(seed, options), options, out);
    }
    out.printf(Locale.ROOT, "%d seeds from %d on: %s", count, first, sums);
    return new Result(sums.broken, sums.virtualNanos);
  }

  /**
   * The result of many seeds.
   *
   * @param virtualNanos the virtual time of all runs
   */
  public record Result(int broken, long virtualNanos) {}

  /** The sums of many reports. */
  private static final class Sums {
    private int broken;
    private long events;
    private long virtualNanos;
    private long asked;
    private long acknowledged;
    private final Map<String, Integer> faults = new TreeMap<>();
    private final Map<String, Integer> marks = new TreeMap<>();
    private final Map<String, Integer> deaths = new TreeMap<>();

    void add(SimReport report, SimOptions options, PrintStream out) {
      events += report.events();
      virtualNanos += report.virtualNanos();
      asked += report.asked();
      acknowledged += report.acknowledged();
      merge(report.faults(), faults);
      merge(report.marks(), marks);
      merge(report.deaths(), deaths);
      if (!report.passed()) {
        broken++;
        out.println(report);
        out.println("  replay it: " + options.command(report.seed()) + " --trace");
      }
    }

    private static void merge(Map<String, Integer> from, Map<String, Integer> to) {
      from.forEach((what, times) -> to.merge(what, times, Integer::sum));
    }

    @Override
    public String toString() {
      List<String> missing =
          Arrays.stream(Mark.values())
              .map(Mark::title)
              .filter(title -> !marks.containsKey(title))
              .toList();
      return String.format(
          Locale.ROOT,
          "%d broken; %.2f simulated hours, %d events, %d requests, %d writes acknowledged%n"
              + "faults of %d kinds: %s%n"
              + "deaths at %d named places: %d%n"
              + "marks hit: %d of %d: %s%n"
              + "marks not hit: %s%n",
          broken,
          virtualNanos / 3.6e12,
          events,
          asked,
          acknowledged,
          faults.size(),
          faults,
          deaths.size(),
          deaths.values().stream().mapToInt(times -> times).sum(),
          marks.size(),
          Mark.values().length,
          marks,
          missing);
    }
  }
}
