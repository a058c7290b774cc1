package io.balsa.ctl.cluster;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows and clears alarms. */
@Command(
    name = "alarm",
    description = "Lists or clears the alarms NOSPACE and CORRUPT, which refuse writes.",
    mixinStandardHelpOptions = true,
    subcommands = {AlarmListCommand.class, AlarmDisarmCommand.class},
    footer = {
      "",
      "NOSPACE clears itself when a compaction has freed space.",
      "",
      "Example:",
      "  balsa alarm list"
    })
public final class AlarmCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "give a command: list or disarm");
  }
}
