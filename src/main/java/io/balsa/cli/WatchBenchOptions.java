package io.balsa.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What {@code bench watch} watches. */
final class WatchBenchOptions {
  @Option(
      names = "--watchers",
      paramLabel = "N",
      description = "watch: watchers, all of one prefix (${DEFAULT-VALUE})")
  int watchers = 100;

  @Option(names = "--own-keys", description = "watch: each watcher of a key of its own")
  boolean ownKeys;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "watch: puts a second (${DEFAULT-VALUE})")
  int rate = 100;

  @Option(
      names = "--stall",
      description = {
        "watch: one more watcher of all, which does not read in the measured time;",
        "nobody else may write meanwhile"
      })
  boolean stall;

  @Option(
      names = "--pids",
      paramLabel = "PID,...",
      split = ",",
      hideParamSyntax = true,
      description = "watch: the servers' processes on this machine, to tell what they use")
  List<Long> pids = new ArrayList<>();
}
