package io.balsa.cli;

import io.balsa.drill.Drill;
import io.balsa.drill.Launch;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Breaks real servers under load and reports. */
@Command(
    name = "drill",
    description = {
      "Breaks three real servers under load and judges what clients saw.",
      "Exit code 1 when a promise was broken.",
      "",
      "Scenarios: 1 nothing fails, 2 leader killed, 3 leader stopped, 4 follower killed and returned,",
      "5 both followers down, 6 all killed at once, 7 leader paused, 8 follower returns by snapshot."
    },
    footer = {
      "",
      "Examples:",
      "  balsa drill",
      "  balsa drill --scenarios=2 --kills=20",
      "  balsa drill --scenarios=2,6 --out=my-report"
    })
final class DrillCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--scenarios",
      paramLabel = "N,...",
      split = ",",
      description = "which to run (all)")
  private @Nullable List<Integer> scenarios;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "how many times to run each (${DEFAULT-VALUE})")
  private int repeat = 1;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "failures in one run of scenarios 2, 3 and 6 (${DEFAULT-VALUE})")
  private int kills = 3;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where report.md, report.html and, meanwhile, data go (${DEFAULT-VALUE})")
  private Path out = Path.of("drill-report");

  @Override
  public Integer call() {
    if (repeat < 1 || kills < 1) {
      throw new BadInput("--repeat and --kills are at least 1");
    }
    boolean held =
        Drill.run(
            new Drill.Plan(Launch.ofThisProcess(), out, chosen(), repeat, kills),
            spec.commandLine().getOut());
    return held ? 0 : 1;
  }

  private List<Integer> chosen() {
    List<Integer> all =
        scenarios == null ? IntStream.rangeClosed(1, Drill.SCENARIOS).boxed().toList() : scenarios;
    for (int number : all) {
      if (number < 1 || number > Drill.SCENARIOS) {
        throw new BadInput("--scenarios: there is no " + number + ", only 1 to " + Drill.SCENARIOS);
      }
    }
    return all;
  }
}
