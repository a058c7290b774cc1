package io.balsa.cli;

import io.balsa.bench.Bench;
import io.balsa.bench.BenchResult;
import io.balsa.bench.WatchBench;
import io.balsa.bench.WatchBenchResult;
import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.ProgressLine;
import io.balsa.ctl.cluster.StatusCommand;
import io.balsa.processes.ClusterProcesses;
import io.balsa.processes.Folders;
import io.balsa.processes.Launch;
import io.balsa.processes.SecurityWish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures a cluster. */
@Command(
    name = "bench",
    description = {
      "Measures any server that speaks etcd's v3 protocol.",
      "With --tls or --auth it measures three servers of its own, on this machine.",
      "Runs a closed loop: each client sends a request, waits for the answer and repeats.",
      "With watch: puts at a fixed rate and measures how soon watchers get the events."
    },
    footer = {
      "",
      "Examples:",
      "  balsa bench put --clients=128 --seconds=10",
      "  balsa bench get --endpoints=10.0.0.1:2379,10.0.0.2:2379 --clients=1000 -o json",
      "  balsa bench watch --watchers=1000 --rate=100",
      "  balsa bench mixed --tls --auth    # three servers of its own, secured"
    })
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "put|get|get-serializable|mixed|txn|watch",
      description = "the kind of request; mixed is nine gets for each put (${DEFAULT-VALUE})",
      arity = "0..1")
  private String what = "put";

  @Mixin private ClientOptions client = new ClientOptions();

  @Mixin private SecurityOptions security = new SecurityOptions();

  @Option(names = "--clients", paramLabel = "N", description = "clients (${DEFAULT-VALUE})")
  private int clients = 16;

  @Option(
      names = "--conns",
      paramLabel = "N",
      description = {
        "connections that the clients share, spread over the endpoints (16 at most);",
        "watch: the number of watch streams (one for each endpoint)"
      })
  private @Nullable Integer connections;

  @Option(names = "--seconds", paramLabel = "N", description = "measured time (${DEFAULT-VALUE})")
  private int seconds = 10;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description = "time before the measurement (${DEFAULT-VALUE})")
  private int warmUp = 2;

  @Option(names = "--value-size", paramLabel = "BYTES", description = "(${DEFAULT-VALUE})")
  private int valueBytes = 256;

  @Option(names = "--keys", paramLabel = "N", description = "different keys (${DEFAULT-VALUE})")
  private int keys = 10_000;

  @Mixin private WatchBenchOptions watching = new WatchBenchOptions();

  @Option(
      names = {"-o", "-w", "--write-out"},
      paramLabel = "table|json",
      description = "the form of the result (${DEFAULT-VALUE})")
  private StatusCommand.Format format = StatusCommand.Format.table;

  /** What is measured: addresses, and how they are reached. */
  private record Measured(List<HostPort> addresses, ClientSettings settings) {}

  @Override
  public Integer call() throws RequestFailed, IOException {
    atLeast("--seconds", seconds, 1);
    atLeast("--warm-up", warmUp, 0);
    if (security.wish().equals(SecurityWish.NONE)) {
      client.check();
      return measure(new Measured(client.addresses(), client.settings()));
    }
    Path folder = Files.createTempDirectory("balsa-bench");
    try (ClusterProcesses cluster =
        ClusterProcesses.ofThree(Launch.ofThisProcess(), folder, List.of(), security.wish())) {
      cluster.awaitUsers();
      cluster.awaitAnswers();
      return measure(new Measured(cluster.clientAddresses(), cluster.security().settings()));
    } finally {
      Folders.delete(folder);
    }
  }

  private int measure(Measured measured) throws RequestFailed {
    return what.equals("watch") ? watch(measured) : ask(measured);
  }

  private int watch(Measured measured) throws RequestFailed {
    WatchBench.Plan plan = watchPlan(measured);
    WatchBenchResult result;
    try (ProgressLine _ = ProgressLine.of("measuring for " + (warmUp + seconds) + " s")) {
      result = WatchBench.run(plan);
    }
    print(result.table(), result.json());
    return result.isWell() ? 0 : 1;
  }

  private WatchBench.Plan watchPlan(Measured measured) {
    atLeast("--watchers", watching.watchers, 1);
    atLeast("--rate", watching.rate, 1);
    atLeast("--value-size", valueBytes, Long.BYTES);
    List<HostPort> addresses = measured.addresses();
    int streams = connections == null ? addresses.size() : connections;
    atLeast("--conns", streams, 1);
    return new WatchBench.Plan(
        addresses,
        measured.settings(),
        watching.ownKeys,
        watching.watchers,
        streams,
        watching.rate,
        Duration.ofSeconds(warmUp),
        Duration.ofSeconds(seconds),
        valueBytes,
        watching.stall,
        watching.pids);
  }

  private int ask(Measured measured) throws RequestFailed {
    Bench.Plan plan = plan(measured);
    BenchResult result;
    try (ProgressLine progress = ProgressLine.of("connecting")) {
      result = Bench.run(plan, progress);
    }
    print(result.table(), result.json());
    return result.answers() > 0 ? 0 : 1;
  }

  private void print(String table, String json) {
    String text =
        switch (format) {
          case table -> table;
          case json -> json;
        };
    spec.commandLine().getOut().println(text);
  }

  private Bench.Plan plan(Measured measured) {
    atLeast("--clients", clients, 1);
    atLeast("--value-size", valueBytes, 0);
    atLeast("--keys", keys, 1);
    int shared = connections == null ? Math.min(16, clients) : connections;
    atLeast("--conns", shared, 1);
    return new Bench.Plan(
        measured.addresses(),
        measured.settings(),
        kind(),
        clients,
        shared,
        Duration.ofSeconds(warmUp),
        Duration.ofSeconds(seconds),
        valueBytes,
        keys);
  }

  private Bench.Kind kind() {
    try {
      return Bench.Kind.valueOf(what.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException _) {
      throw new BadInput(
          "'"
              + what
              + "' cannot be measured; put, get, get-serializable, mixed, txn and watch can");
    }
  }

  private static void atLeast(String flag, int value, int least) {
    if (value < least) {
      throw new BadInput(flag + ": " + value + " is less than " + least);
    }
  }
}
