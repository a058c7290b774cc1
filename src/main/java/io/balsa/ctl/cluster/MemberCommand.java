package io.balsa.ctl.cluster;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows and changes the members of a cluster. */
@Command(
    name = "member",
    description = "Lists the members of a cluster, or asks the cluster to change them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      MemberListCommand.class,
      MemberAddCommand.class,
      MemberRemoveCommand.class,
      MemberUpdateCommand.class,
      MemberPromoteCommand.class
    },
    footer = {
      "",
      "Balsa's servers refuse changes of members so far.",
      "",
      "Example:",
      "  balsa member list -w table"
    })
public final class MemberCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "give a command: list, add, remove, update or promote");
  }
}
