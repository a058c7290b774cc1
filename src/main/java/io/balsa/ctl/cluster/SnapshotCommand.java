package io.balsa.ctl.cluster;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Takes and checks backups. */
@Command(
    name = "snapshot",
    description = "Takes a backup of the store, checks one, or makes a new cluster from one.",
    mixinStandardHelpOptions = true,
    subcommands = {SnapshotSaveCommand.class, SnapshotStatusCommand.class},
    footer = {
      "",
      "Examples:",
      "  balsa snapshot save backup.db --endpoints=10.0.0.1:2379",
      "  balsa snapshot status backup.db -w table",
      "  balsa snapshot restore backup.db --data-dir=/var/lib/balsa"
    })
public final class SnapshotCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "give a command: save, status or restore");
  }
}
