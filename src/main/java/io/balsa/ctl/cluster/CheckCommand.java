package io.balsa.ctl.cluster;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Puts a load on a cluster and says whether it is fast enough. */
@Command(
    name = "check",
    description = "Puts a load on a cluster, and says whether it bears it.",
    mixinStandardHelpOptions = true,
    subcommands = {CheckPerfCommand.class, CheckDatascaleCommand.class},
    footer = {
      "",
      "Examples:",
      "  balsa check perf --load=m",
      "  balsa check datascale --load=s --auto-compact",
      "",
      "'balsa bench' measures more."
    })
public final class CheckCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "give a command: perf or datascale");
  }
}
