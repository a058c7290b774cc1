package io.balsa.cli;

import io.balsa.ctl.BadInput;
import io.balsa.sim.Shrink;
import io.balsa.sim.SimOptions;
import io.balsa.sim.SimReport;
import io.balsa.sim.Simulate;
import io.balsa.sim.Simulation;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs simulated clusters with faults. */
@Command(
    name = "simulate",
    description = {
      "Injects faults into the servers, disks and networks of a simulated cluster.",
      "Runs seed after seed and checks what clients observed against the guarantees.",
      "Exit code 1 when a seed violated one."
    },
    footer = {
      "",
      "Examples:",
      "  balsa simulate --seeds=200",
      "  balsa simulate --seed=42 --trace    # every event of one seed",
      "  balsa simulate --seed=42 --shrink   # the smallest run that still fails",
      "  balsa simulate --mutants=src/test/mutants --seeds=500    # are known bugs found?"
    })
final class SimulateCommand implements Callable<Integer> {
  private static final int SERVERS_MAX = 7;

  @Option(names = "--seed", paramLabel = "N", description = "one seed alone")
  private @Nullable Long seed;

  @Option(
      names = {"--from", "--first"},
      paramLabel = "S",
      description = "the first of --seeds (random, and printed)")
  private @Nullable Long from;

  @Option(names = "--seeds", paramLabel = "N", description = "how many seeds (${DEFAULT-VALUE})")
  private int seeds = 100;

  @Option(
      names = "--faults",
      paramLabel = "SECONDS",
      description = "virtual time during which faults occur (${DEFAULT-VALUE})")
  private int faults = 50;

  @Option(names = "--servers", paramLabel = "N", description = "servers (chosen by the seed)")
  private int servers;

  @Option(names = "--clients", paramLabel = "N", description = "clients (chosen by the seed)")
  private int clients;

  @Option(
      names = "--operations",
      paramLabel = "N",
      description = "the most client requests during the faults")
  private int operations = Integer.MAX_VALUE;

  @Option(
      names = "--without",
      paramLabel = "FAULT",
      split = ",",
      description = "kinds of fault to leave out, named as in the report")
  private List<String> without = new ArrayList<>();

  @Option(names = "--trace", description = "print every event")
  private boolean trace;

  @Mixin private MutantOptions mutants = new MutantOptions();

  @Option(
      names = "--shrink",
      description = "reduce the failure of --seed to the smallest one and print how to replay it")
  private boolean shrink;

  @Override
  public Integer call() {
    if (seeds < 1 || faults < 1 || operations < 0) {
      throw new BadInput("--seeds and --faults are at least 1, --operations at least 0");
    }
    if (servers < 0 || servers > SERVERS_MAX || clients < 0) {
      throw new BadInput("--servers is 1 to " + SERVERS_MAX + ", --clients at least 1");
    }
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Duration length = Duration.ofSeconds(faults);
    SimOptions plain =
        new SimOptions(
            length,
            SimOptions.DEFAULT.calm(),
            servers,
            trace ? out : null,
            without,
            clients,
            operations);
    if (mutants.areGiven()) {
      refuseBesideMutants();
      return mutants.hunt(first(), seeds, length, out);
    }
    return seed == null ? many(plain, out) : one(seed, plain, out);
  }

  /** A hunt for known bugs takes its seeds as they come, and only until one fails. */
  private void refuseBesideMutants() {
    Map<String, Boolean> given = new LinkedHashMap<>();
    given.put("--seed", seed != null);
    given.put("--servers", servers > 0);
    given.put("--clients", clients > 0);
    given.put("--operations", operations < Integer.MAX_VALUE);
    given.put("--without", !without.isEmpty());
    given.put("--trace", trace);
    given.put("--shrink", shrink);
    given.values().removeIf(each -> !each);
    if (!given.isEmpty()) {
      throw new BadInput(
          String.join(", ", given.keySet())
              + " cannot go with --mutant and --mutants; --from, --seeds and --faults can");
    }
  }

  private long first() {
    return from == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : from;
  }

  private int one(long only, SimOptions options, PrintStream out) {
    Simulate.quiet();
    if (shrink) {
      return Shrink.run(only, options, out) ? 1 : 0;
    }
    SimReport report = Simulation.run(only, options);
    out.println(report);
    return report.passed() ? 0 : 1;
  }

  /** Compares with CPU time, because other processes may use the core as well. */
  private int many(SimOptions options, PrintStream out) {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Simulate.Result result = Simulate.run(first(), seeds, options, out);
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    out.printf(
        Locale.ROOT,
        "%.1f s of one core: simulated time is %.0f times real time%n",
        cpu / 1e9,
        (double) result.virtualNanos() / cpu);
    return result.broken() == 0 ? 0 : 1;
  }
}
