package io.balsa.ctl.lease;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Manages leases. */
@Command(
    name = "lease",
    description =
        "Grants, renews, shows and revokes leases. A lease deletes its keys when it ends.",
    mixinStandardHelpOptions = true,
    subcommands = {
      LeaseGrantCommand.class,
      LeaseRevokeCommand.class,
      LeaseTimeToLiveCommand.class,
      LeaseKeepAliveCommand.class,
      LeaseListCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  balsa lease grant 60",
      "  balsa put --lease=694d9f0e5c3a2b01 here yes",
      "  balsa lease timetolive 694d9f0e5c3a2b01 --keys",
      "  balsa lease keep-alive 694d9f0e5c3a2b01"
    })
public final class LeaseCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "give a command: grant, revoke, timetolive, keep-alive or list");
  }
}
