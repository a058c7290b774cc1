package io.balsa.ctl.cluster;

import picocli.CommandLine.Command;

/** etcdctl's role: refused by name, with all its commands. */
@Command(
    name = "role",
    hidden = true,
    description = "Refused: roles are not built yet.",
    subcommands = {
      RoleCommand.Add.class,
      RoleCommand.Delete.class,
      RoleCommand.Get.class,
      RoleCommand.List.class,
      RoleCommand.GrantPermission.class,
      RoleCommand.RevokePermission.class
    })
public final class RoleCommand extends RefusedCommand {
  private static final String WHY =
      "users and roles are not built yet:"
          + " every client may do everything, so protect the client ports";

  RoleCommand() {
    super(WHY);
  }

  @Command(name = "add", description = "Refused: roles are not built yet.")
  static final class Add extends RefusedCommand {
    Add() {
      super(WHY);
    }
  }

  @Command(name = "delete", description = "Refused: roles are not built yet.")
  static final class Delete extends RefusedCommand {
    Delete() {
      super(WHY);
    }
  }

  @Command(name = "get", description = "Refused: roles are not built yet.")
  static final class Get extends RefusedCommand {
    Get() {
      super(WHY);
    }
  }

  @Command(name = "list", description = "Refused: roles are not built yet.")
  static final class List extends RefusedCommand {
    List() {
      super(WHY);
    }
  }

  @Command(name = "grant-permission", description = "Refused: roles are not built yet.")
  static final class GrantPermission extends RefusedCommand {
    GrantPermission() {
      super(WHY);
    }
  }

  @Command(name = "revoke-permission", description = "Refused: roles are not built yet.")
  static final class RevokePermission extends RefusedCommand {
    RevokePermission() {
      super(WHY);
    }
  }
}
