package io.balsa.ctl.cluster;

import picocli.CommandLine.Command;

/** etcdctl's downgrade: refused by name, with all its commands. */
@Command(
    name = "downgrade",
    hidden = true,
    description = "Refused: Balsa has one format of its data so far.",
    subcommands = {
      DowngradeCommand.Validate.class,
      DowngradeCommand.Enable.class,
      DowngradeCommand.Cancel.class
    })
public final class DowngradeCommand extends RefusedCommand {
  private static final String WHY =
      "there is no older version to go back to:" + " Balsa has one format of its data so far";

  DowngradeCommand() {
    super(WHY);
  }

  @Command(name = "validate", description = "Refused: Balsa has one format of its data so far.")
  static final class Validate extends RefusedCommand {
    Validate() {
      super(WHY);
    }
  }

  @Command(name = "enable", description = "Refused: Balsa has one format of its data so far.")
  static final class Enable extends RefusedCommand {
    Enable() {
      super(WHY);
    }
  }

  @Command(name = "cancel", description = "Refused: Balsa has one format of its data so far.")
  static final class Cancel extends RefusedCommand {
    Cancel() {
      super(WHY);
    }
  }
}
