package io.balsa.ctl.cluster;

import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.Ending;
import io.balsa.ctl.OutputOptions;
import io.balsa.ctl.ProgressLine;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks how fast a cluster writes, with etcdctl's loads and limits. */
@Command(
    name = "perf",
    description = {
      "Puts keys for a minute, and checks the throughput, the slowest answer and the deviation.",
      "Deletes the keys afterwards. Exit code 1 when the cluster is too slow.",
      "",
      "Loads: s 150 puts/s by 50 clients, m 1000 by 200, l 8000 by 500, xl 15000 by 1000."
    },
    mixinStandardHelpOptions = true)
final class CheckPerfCommand implements Callable<Integer> {
  private static final List<Integer> PER_SECOND = List.of(150, 1_000, 8_000, 15_000);
  private static final List<Integer> CLIENTS = List.of(50, 200, 500, 1_000);
  private static final double SLOWEST_MAX = 0.5;
  private static final double DEVIATION_MAX = 0.1;

  @Spec private CommandSpec spec;
  @Mixin private ClientOptions client;
  @Mixin private OutputOptions output;
  @Mixin private CheckOptions options;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "where to put the keys (${DEFAULT-VALUE})")
  private String prefix = "/etcdctl-check-perf/";

  @Option(names = "--seconds", hidden = true, description = "how long (${DEFAULT-VALUE})")
  private int seconds = 60;

  @Override
  public Integer call() throws RequestFailed {
    int perSecond = PER_SECOND.get(options.size());
    CheckLoad.Plan plan =
        new CheckLoad.Plan(
            prefix,
            256,
            1_024,
            CLIENTS.get(options.size()),
            Long.MAX_VALUE,
            perSecond,
            TimeUnit.SECONDS.toNanos(seconds));
    CheckOptions.refuseKeys(client, prefix);
    Ending ending = Ending.listen(false, false);
    CheckLoad.Result result;
    try (ProgressLine progress = ProgressLine.of("checking for " + seconds + " s")) {
      result = CheckLoad.run(client, plan, ending.requested(), progress);
    }
    PrintWriter out = spec.commandLine().getOut();
    options.cleanUp(client, prefix, out);
    if (ending.requested().isDone()) {
      return ending.exitCode();
    }
    List<String> verdict = verdict(result, perSecond);
    verdict.forEach(output::printLine);
    return verdict.getLast().equals("PASS") ? 0 : 1;
  }

  /** The lines of etcdctl; the last one is PASS or FAIL. */
  static List<String> verdict(CheckLoad.Result result, int perSecond) {
    boolean fast = result.perSecond() / perSecond > 0.9;
    boolean steady = result.slowest() <= SLOWEST_MAX && result.deviation() <= DEVIATION_MAX;
    List<String> lines = new ArrayList<>(errors(result));
    lines.add(
        (fast ? "PASS: Throughput is %d writes/s" : "FAIL: Throughput too low: %d writes/s")
            .formatted((long) result.perSecond() + 1));
    lines.add(
        line(
            result.slowest() <= SLOWEST_MAX
                ? "PASS: Slowest request took %fs"
                : "Slowest request took too long: %fs",
            result.slowest()));
    lines.add(
        line(
            result.deviation() <= DEVIATION_MAX ? "PASS: Stddev is %fs" : "Stddev too high: %fs",
            result.deviation()));
    lines.add(fast && steady && result.errors().isEmpty() ? "PASS" : "FAIL");
    return lines;
  }

  private static String line(String format, double number) {
    return String.format(Locale.ROOT, format, number);
  }

  /** A line for each kind of error; none without errors. */
  static List<String> errors(CheckLoad.Result result) {
    List<String> lines = new ArrayList<>();
    if (!result.errors().isEmpty()) {
      lines.add("FAIL: too many errors");
    }
    result.errors().forEach((error, times) -> lines.add("FAIL: ERROR(" + error + ") -> " + times));
    return lines;
  }
}
