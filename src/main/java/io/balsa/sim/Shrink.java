package io.balsa.sim;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * Searches for a smaller run that still fails: with less time, fewer kinds of fault, single faults,
 * servers, clients and requests.
 */
public final class Shrink {
  private static final List<Integer> FEW = List.of(1, 2, 3);

  private final long seed;
  private final PrintStream out;
  private SimOptions least;
  private SimReport failure;

  private Shrink(long seed, SimOptions options, SimReport failure, PrintStream out) {
    this.seed = seed;
    this.least = options;
    this.failure = failure;
    this.out = out;
  }

  /**
   * Shrinks a seed's run.
   *
   * @param out gets each smaller run that still fails, and the command for the smallest
   * @return whether the seed fails
   */
  public static boolean run(long seed, SimOptions options, PrintStream out) {
    SimReport whole = Simulation.run(seed, options);
    if (whole.passed()) {
      out.println("seed " + seed + " holds; there is nothing to shrink");
      return false;
    }
    Shrink shrink = new Shrink(seed, options, whole, out);
    shrink.shrink();
    out.println(shrink.failure);
    out.println("  faults left: " + shrink.failure.plan());
    out.println("  replay it: " + shrink.least.command(seed) + " --trace");
    return true;
  }

  private void shrink() {
    shorten();
    for (Fault fault : Fault.values()) {
      if (failure.faults().containsKey(fault.name()) || isWeather(fault)) {
        tries(least.without(fault.name()));
      }
    }
    leaveOutSingle();
    if (least.servers() == 0) {
      tries(least.withServers(3));
    }
    boolean _ = FEW.stream().anyMatch(count -> tries(least.withClients(count)));
    for (int few = 0; few < failure.asked() && !tries(least.withOperations(few)); ) {
      few = 2 * few + 1;
    }
    shorten();
    leaveOutSingle();
  }

  /** Leaves out single faults: halves, then quarters, at last one by one (delta debugging). */
  private void leaveOutSingle() {
    for (int parts = 2, size; (size = failure.plan().size()) > 0; parts *= 2) {
      int step = Math.max(1, size / parts);
      for (int from = 0; from < failure.plan().size(); ) {
        List<String> plan = failure.plan();
        List<String> some = plan.subList(from, Math.min(plan.size(), from + step));
        from += tries(least.withoutAll(some)) ? 0 : step;
      }
      if (step == 1) {
        return;
      }
    }
  }

  /** Whether a kind of fault happens all the time, and is not counted. */
  private static boolean isWeather(Fault fault) {
    return fault == Fault.LOSS || fault == Fault.DOUBLING || fault == Fault.REORDERING;
  }

  private void shorten() {
    long seconds = least.faults().toSeconds();
    for (long step = seconds / 2; step > 0; step /= 2) {
      if (tries(least.withFaults(Duration.ofSeconds(seconds - step)))) {
        seconds -= step;
      }
    }
  }

  private boolean tries(SimOptions smaller) {
    SimReport report = Simulation.run(seed, smaller);
    if (report.passed()) {
      return false;
    }
    least = smaller;
    failure = report;
    out.println("still fails: " + smaller.command(seed));
    return true;
  }
}
