package io.balsa.auth;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.KvError;
import io.balsa.model.Permission;
import io.balsa.model.Permission.Kind;
import org.jspecify.annotations.Nullable;

/** Users and roles, changed step by step. */
final class AuthScript {
  private final AuthLimits limits;
  AuthState state = AuthState.NONE;

  AuthScript() {
    this(AuthLimits.DEFAULT);
  }

  AuthScript(AuthLimits limits) {
    this.limits = limits;
  }

  /** Carries out a command; null when it was done. */
  @Nullable KvError tell(Command.OfAuth command) {
    return switch (AuthChange.of(state, command, limits)) {
      case AuthChange.Refused(KvError error) -> error;
      case AuthChange.Done(AuthState next) -> {
        state = next;
        yield null;
      }
    };
  }

  /** As {@link #tell}, of a command that must be done. */
  AuthScript with(Command.OfAuth command) {
    KvError error = tell(command);
    if (error != null) {
      throw new AssertionError(command + " was refused: " + error);
    }
    return this;
  }

  AuthScript user(String name) {
    return with(new Command.UserAdd(name, "hash of " + name, false));
  }

  AuthScript role(String name) {
    return with(new Command.RoleAdd(name));
  }

  AuthScript grant(String user, String role) {
    return with(new Command.UserGrantRole(user, role));
  }

  AuthScript permit(String role, Kind kind, String key, String rangeEnd) {
    return with(new Command.RoleGrantPermission(role, permission(kind, key, rangeEnd)));
  }

  /** With a user root who is in force. */
  AuthScript enabled() {
    return user("root").grant("root", "root").with(new Command.AuthEnable());
  }

  static Permission permission(Kind kind, String key, String rangeEnd) {
    return new Permission(kind, Bytes.utf8(key), Bytes.utf8(rangeEnd));
  }
}
