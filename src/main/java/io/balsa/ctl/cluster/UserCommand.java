package io.balsa.ctl.cluster;

import picocli.CommandLine.Command;

/** etcdctl's user: refused by name, with all its commands. */
@Command(
    name = "user",
    hidden = true,
    description = "Refused: users and roles are not built yet.",
    subcommands = {
      UserCommand.Add.class,
      UserCommand.Delete.class,
      UserCommand.Get.class,
      UserCommand.List.class,
      UserCommand.Passwd.class,
      UserCommand.GrantRole.class,
      UserCommand.RevokeRole.class
    })
public final class UserCommand extends RefusedCommand {
  private static final String WHY =
      "users and roles are not built yet:"
          + " every client may do everything, so protect the client ports";

  UserCommand() {
    super(WHY);
  }

  @Command(name = "add", description = "Refused: users and roles are not built yet.")
  static final class Add extends RefusedCommand {
    Add() {
      super(WHY);
    }
  }

  @Command(name = "delete", description = "Refused: users and roles are not built yet.")
  static final class Delete extends RefusedCommand {
    Delete() {
      super(WHY);
    }
  }

  @Command(name = "get", description = "Refused: users and roles are not built yet.")
  static final class Get extends RefusedCommand {
    Get() {
      super(WHY);
    }
  }

  @Command(name = "list", description = "Refused: users and roles are not built yet.")
  static final class List extends RefusedCommand {
    List() {
      super(WHY);
    }
  }

  @Command(name = "passwd", description = "Refused: users and roles are not built yet.")
  static final class Passwd extends RefusedCommand {
    Passwd() {
      super(WHY);
    }
  }

  @Command(name = "grant-role", description = "Refused: users and roles are not built yet.")
  static final class GrantRole extends RefusedCommand {
    GrantRole() {
      super(WHY);
    }
  }

  @Command(name = "revoke-role", description = "Refused: users and roles are not built yet.")
  static final class RevokeRole extends RefusedCommand {
    RevokeRole() {
      super(WHY);
    }
  }
}
