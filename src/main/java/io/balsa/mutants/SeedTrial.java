package io.balsa.mutants;

import io.balsa.sim.SimOptions;
import io.balsa.sim.SimReport;
import io.balsa.sim.Simulate;
import io.balsa.sim.Simulation;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs a seed inside the class loader of a mutant. Its arguments and its result are classes of the
 * JDK, because both class loaders share only these.
 */
public final class SeedTrial implements BiFunction<Long, Duration, @Nullable String> {
  /** Called by reflection, in the class loader of the mutant. */
  public SeedTrial() {
    Simulate.quiet();
  }

  /**
   * Runs a seed.
   *
   * @param faults the length of the phase with faults, in virtual time
   * @return the check that failed; null when all passed
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
