package io.balsa.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of {@code bench watch}. */
final class WatchBenchOptions {
  @Option(
      names = "--watchers",
      paramLabel = "N",
      description = "watch: watchers, all of one prefix (${DEFAULT-VALUE})")
  int watchers = 100;

  @Option(names = "--own-keys", description = "watch: each watcher watches its own key")
  boolean ownKeys;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "watch: puts per second (${DEFAULT-VALUE})")
  int rate = 100;

  @Option(
      names = "--stall",
      description = {
        "watch: one more watcher of all keys, which does not read in the measured time;",
        "no other client may write meanwhile"
      })
  boolean stall;

  @Option(
      names = "--pids",
      paramLabel = "PID,...",
      split = ",",
      hideParamSyntax = true,
      description = "watch: the servers' processes on this machine, to measure what they use")
  List<Long> pids = new ArrayList<>();
}
