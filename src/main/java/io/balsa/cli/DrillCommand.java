package io.balsa.cli;

import io.balsa.attack.Attack;
import io.balsa.attack.AttackData;
import io.balsa.bytes.HostPort;
import io.balsa.ctl.Addresses;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ProgressLine;
import io.balsa.drill.AbuseDrill;
import io.balsa.drill.AbuseElsewhere;
import io.balsa.drill.Drill;
import io.balsa.processes.Launch;
import io.balsa.processes.SecurityWish;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Injects faults into real servers under load and writes a report. */
@Command(
    name = "drill",
    description = {
      "Injects faults into three real servers under load and checks what clients observed.",
      "Exit code 1 when a guarantee was violated.",
      "With --abuse it sends harmful requests instead: legal ones that ask for too much.",
      "",
      "Scenarios: 1 nothing fails, 2 leader killed, 3 leader stopped, 4 follower killed and"
          + " returned,",
      "5 both followers down, 6 all killed at once, 7 leader paused, 8 follower returns by"
          + " snapshot."
    },
    footer = {
      "",
      "Examples:",
      "  balsa drill",
      "  balsa drill --scenarios=2 --kills=20",
      "  balsa drill --scenarios=2,6 --out=my-report",
      "  balsa drill --tls --auth",
      "  balsa drill --abuse",
      "  balsa drill --abuse --attacks=read-all,delete-all --clients=1 --keys=300000",
      "  balsa drill --abuse --attacks=logins --endpoints=127.0.0.1:2379"
    })
final class DrillCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--scenarios",
      paramLabel = "N,...",
      split = ",",
      description = "scenarios to run (all)")
  private @Nullable List<Integer> scenarios;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "how many times to run each (${DEFAULT-VALUE})")
  private int repeat = 1;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "faults in one run of scenarios 2, 3 and 6 (${DEFAULT-VALUE})")
  private int kills = 3;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "directory for report.md, report.html and temporary data (${DEFAULT-VALUE})")
  private Path out = Path.of("drill-report");

  @Option(names = "--abuse", description = "attack the servers and the proxy; takes half an hour")
  private boolean abuse;

  @Option(
      names = "--attacks",
      paramLabel = "NAME,...",
      split = ",",
      description = "with --abuse: attacks to run (all)")
  private @Nullable List<String> attacks;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description = "with --abuse: number of attacking clients (${DEFAULT-VALUE})")
  private int clients = 100;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "with --abuse: how long each attack lasts (${DEFAULT-VALUE})")
  private int seconds = 10;

  @Option(
      names = "--keys",
      paramLabel = "N",
      description = "with --abuse: keys of 256 B in the store (${DEFAULT-VALUE})")
  private int keys = 1_000_000;

  @Option(
      names = "--large-keys",
      paramLabel = "N",
      description = "with --abuse: keys of 100 kB in the store (${DEFAULT-VALUE})")
  private int largeKeys = 2_000;

  @Option(
      names = "--endpoints",
      paramLabel = "HOST:PORT,...",
      description = {
        "with --abuse: attack the first of these endpoints of a store that runs, Balsa's or",
        "etcd's; a polite client uses the last one"
      })
  private @Nullable String endpoints;

  @Mixin private SecurityOptions security = new SecurityOptions();

  @Override
  public Integer call() {
    if (abuse && !security.wish().equals(SecurityWish.NONE)) {
      throw new BadInput("--abuse runs without --tls and --auth: leave them out");
    }
    if (endpoints != null && !abuse) {
      throw new BadInput("--endpoints goes with --abuse: drill starts its own servers");
    }
    return abuse ? attack() : breakServers();
  }

  private int attack() {
    if (clients < 1 || seconds < 1 || keys < 0 || largeKeys < 0) {
      throw new BadInput(
          "--clients and --seconds are at least 1, --keys and --large-keys at least 0");
    }
    List<Attack> chosen =
        attacks == null ? List.of(Attack.values()) : attacks.stream().map(this::named).toList();
    AttackData stock = new AttackData(keys, largeKeys);
    Duration length = Duration.ofSeconds(seconds);
    if (endpoints != null) {
      List<HostPort> there = Addresses.list("--endpoints", endpoints);
      AbuseElsewhere.run(
          new AbuseElsewhere.Plan(there, stock, chosen, clients, length),
          spec.commandLine().getOut());
      return 0;
    }
    AbuseDrill.Plan plan =
        new AbuseDrill.Plan(
            Launch.ofThisProcess(), out, stock, chosen, clients, length, Attack.PATIENCE, true);
    try (ProgressLine _ = ProgressLine.of("running")) {
      return AbuseDrill.run(plan, spec.commandLine().getOut()).isEmpty() ? 0 : 1;
    }
  }

  private Attack named(String name) {
    return Arrays.stream(Attack.values())
        .filter(attack -> AbuseDrill.name(attack).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInput(
                    "--attacks: there is no "
                        + name
                        + ", only "
                        + String.join(", ", AbuseDrill.names())));
  }

  private int breakServers() {
    if (repeat < 1 || kills < 1) {
      throw new BadInput("--repeat and --kills are at least 1");
    }
    Drill.Plan plan =
        new Drill.Plan(Launch.ofThisProcess(), out, chosen(), repeat, kills, security.wish());
    try (ProgressLine _ = ProgressLine.of("running")) {
      return Drill.run(plan, spec.commandLine().getOut()) ? 0 : 1;
    }
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
