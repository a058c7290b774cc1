package io.balsa.cli;

import io.balsa.sim.SimOptions;
import io.balsa.sim.SimReport;
import io.balsa.sim.Simulate;
import io.balsa.sim.Simulation;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the whole system in a simulated world. */
@Command(
    name = "simulate",
    description = {
      "Breaks servers, disks and networks in a simulated world.",
      "One seed after the other; what clients saw is held against the promises.",
      "Exit code 1 when a seed broke one."
    },
    footer = {
      "",
      "Examples:",
      "  balsa simulate --seeds=200",
      "  balsa simulate --seed=42 --trace    # the whole story of one seed",
      "  balsa simulate --mutants=src/test/mutants --seeds=500    # are known bugs found?"
    })
final class SimulateCommand implements Callable<Integer> {
  @Option(names = "--seed", paramLabel = "N", description = "one seed alone")
  private @Nullable Long seed;

  @Option(
      names = "--first",
      paramLabel = "N",
      description = "the first of --seeds (${DEFAULT-VALUE})")
  private long first = 1;

  @Option(names = "--seeds", paramLabel = "N", description = "how many seeds (${DEFAULT-VALUE})")
  private int seeds = 100;

  @Option(
      names = "--faults",
      paramLabel = "SECONDS",
      description = "virtual time in which things go wrong (${DEFAULT-VALUE})")
  private int faults = 10;

  @Option(names = "--trace", description = "tell what happens, line by line")
  private boolean trace;

  @Mixin private MutantOptions mutants = new MutantOptions();

  @Override
  public Integer call() {
    if (seeds < 1 || faults < 1) {
      throw new BadInput("--seeds and --faults are at least 1");
    }
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    SimOptions plain = SimOptions.DEFAULT.withFaults(Duration.ofSeconds(faults));
    if (mutants.areGiven()) {
      return mutants.hunt(first, seeds, Duration.ofSeconds(faults), out);
    }
    SimOptions options = trace ? plain.withTrace(out) : plain;
    if (seed == null) {
      return Simulate.run(first, seeds, options, out) == 0 ? 0 : 1;
    }
    Simulate.quiet();
    SimReport report = Simulation.run(seed, options);
    out.println(report);
    return report.passed() ? 0 : 1;
  }
}
