package io.balsa.ctl.cluster;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks servers one by one. */
@Command(
    name = "endpoint",
    description = "Shows the health, the status or the hash of each server.",
    mixinStandardHelpOptions = true,
    subcommands = {
      EndpointHealthCommand.class,
      EndpointStatusCommand.class,
      EndpointHashCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  balsa endpoint health --cluster",
      "  balsa endpoint status --endpoints=10.0.0.1:2379,10.0.0.2:2379 -w table"
    })
public final class EndpointCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "give a command: health, status or hashkv");
  }
}
