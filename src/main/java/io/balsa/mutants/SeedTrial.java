package io.balsa.mutants;

import io.balsa.sim.SimOptions;
import io.balsa.sim.SimReport;
import io.balsa.sim.Simulate;
import io.balsa.sim.Simulation;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs a seed where the mutant's classes are; only classes of the JDK pass between there and here.
 */
public final class SeedTrial implements BiFunction<Long, Duration, @Nullable String> {
  /** Made by its name, in the mutant's class loader. */
  public SeedTrial() {
    Simulate.quiet();
  }

  /**
   * Runs a seed.
   *
   * @param faults how long things go wrong
   * @return what did not hold; null when everything did
   */
  @Override
  public @Nullable String apply(Long seed, Duration faults) {
    try {
      SimReport report = Simulation.run(seed, SimOptions.DEFAULT.withFaults(faults));
      return report.broken();
    } catch (RuntimeException | Error e) { // thread root: a mutant may do anything
      return "the world itself ends with " + e;
    }
  }
}
