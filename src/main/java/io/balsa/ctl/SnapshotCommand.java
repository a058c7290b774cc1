package io.balsa.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Takes and checks backups. */
@Command(
    name = "snapshot",
    description = "Takes a backup of the store, or checks one.",
    mixinStandardHelpOptions = true,
    subcommands = {SnapshotSaveCommand.class, SnapshotStatusCommand.class},
    footer = {
      "",
      "Examples:",
      "  balsa snapshot save backup.db --endpoints=10.0.0.1:2379",
      "  balsa snapshot status backup.db -w table",
      "",
      "'balsa restore' makes a new cluster from a backup."
    })
public final class SnapshotCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "give a command: save or status");
  }
}
