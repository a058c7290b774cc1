package io.balsa.ctl.cluster;

import picocli.CommandLine.Command;

/** etcdctl's auth: refused by name, with all its commands. */
@Command(
    name = "auth",
    hidden = true,
    description = "Refused: users and roles are not built yet.",
    subcommands = {AuthCommand.Enable.class, AuthCommand.Disable.class, AuthCommand.Status.class})
public final class AuthCommand extends RefusedCommand {
  private static final String WHY =
      "users and roles are not built yet:"
          + " every client may do everything, so protect the client ports";

  AuthCommand() {
    super(WHY);
  }

  @Command(name = "enable", description = "Refused: users and roles are not built yet.")
  static final class Enable extends RefusedCommand {
    Enable() {
      super(WHY);
    }
  }

  @Command(name = "disable", description = "Refused: users and roles are not built yet.")
  static final class Disable extends RefusedCommand {
    Disable() {
      super(WHY);
    }
  }

  @Command(name = "status", description = "Refused: users and roles are not built yet.")
  static final class Status extends RefusedCommand {
    Status() {
      super(WHY);
    }
  }
}
