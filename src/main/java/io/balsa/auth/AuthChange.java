package io.balsa.auth;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.KvError;
import io.balsa.model.Permission;
import io.balsa.model.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command about users and roles makes of the state; the rules are etcd's. */
public sealed interface AuthChange {
  /** It was done; the state is the same as before when there was nothing to do. */
  record Done(AuthState state) implements AuthChange {}

  /** It was refused and changed nothing. */
  record Refused(KvError error) implements AuthChange {}

  /** Carries a command out. A command about tokens changes nothing here. */
  static AuthChange of(AuthState state, Command.OfAuth command, AuthLimits limits) {
    AuthChange change =
        switch (command) {
          case Command.AuthEnable _ -> enable(state);
          case Command.AuthDisable _ -> new Done(state.enabled() ? state.asDisabled() : state);
          case Command.UserAdd add -> addUser(state, add);
          case Command.UserDelete(String name) -> deleteUser(state, name);
          case Command.UserChangePassword(String name, String hash) ->
              changePassword(state, name, hash);
          case Command.UserGrantRole(String user, String role) -> grantRole(state, user, role);
          case Command.UserRevokeRole(String user, String role) -> revokeRole(state, user, role);
          case Command.RoleAdd(String role) -> addRole(state, role);
          case Command.RoleDelete(String role) -> deleteRole(state, role);
          case Command.RoleGrantPermission(String role, Permission permission) ->
              grantPermission(state, role, permission, limits);
          case Command.RoleRevokePermission revoke ->
              revokePermission(state, revoke.role(), revoke.key(), revoke.rangeEnd());
          case Command.TokenAdd _, Command.TokenUsed _, Command.TokenDrop _ -> new Done(state);
        };
    return change instanceof Done(AuthState next) && grows(command) && next.exceeds(limits)
        ? new Refused(KvError.TOO_MANY_AUTH_ENTRIES)
        : change;
  }

  /** A command that takes away is never refused for a bound. */
  private static boolean grows(Command.OfAuth command) {
    return switch (command) {
      case Command.UserAdd _,
          Command.UserChangePassword _,
          Command.UserGrantRole _,
          Command.RoleAdd _,
          Command.RoleGrantPermission _ ->
          true;
      case Command.AuthEnable _,
          Command.AuthDisable _,
          Command.UserDelete _,
          Command.UserRevokeRole _,
          Command.RoleDelete _,
          Command.RoleRevokePermission _,
          Command.TokenAdd _,
          Command.TokenUsed _,
          Command.TokenDrop _ ->
          false;
    };
  }

  private static AuthChange enable(AuthState state) {
    if (state.enabled()) {
      return new Done(state);
    }
    User root = state.user(User.ROOT);
    if (root == null) {
      return new Refused(KvError.ROOT_USER_MISSING);
    }
    return root.has(UserRole.ROOT)
        ? new Done(state.asEnabled())
        : new Refused(KvError.ROOT_ROLE_MISSING);
  }

  private static AuthChange addUser(AuthState state, Command.UserAdd add) {
    KvError error = nameRefusal(add.name(), KvError.USER_EMPTY);
    if (error != null) {
      return new Refused(error);
    }
    if (state.user(add.name()) != null) {
      return new Refused(KvError.USER_EXISTS);
    }
    String hash = add.noPassword() ? "" : add.hash();
    long revision = state.revision() + 1;
    return new Done(state.with(new User(add.name(), hash, add.noPassword(), List.of(), revision)));
  }

  private static AuthChange deleteUser(AuthState state, String name) {
    if (state.enabled() && name.equals(User.ROOT)) {
      return new Refused(KvError.INVALID_AUTH_MANAGEMENT);
    }
    return state.user(name) == null
        ? new Refused(KvError.USER_NOT_FOUND)
        : new Done(state.withoutUser(name));
  }

  private static AuthChange changePassword(AuthState state, String name, String hash) {
    User user = state.user(name);
    return user == null
        ? new Refused(KvError.USER_NOT_FOUND)
        : new Done(state.with(user.withHash(hash, state.revision() + 1)));
  }

  private static AuthChange grantRole(AuthState state, String name, String role) {
    User user = state.user(name);
    if (user == null) {
      return new Refused(KvError.USER_NOT_FOUND);
    }
    if (!role.equals(UserRole.ROOT) && state.role(role) == null) {
      return new Refused(KvError.ROLE_NOT_FOUND);
    }
    return new Done(user.has(role) ? state : state.with(user.withRole(role)));
  }

  private static AuthChange revokeRole(AuthState state, String name, String role) {
    if (state.enabled() && name.equals(User.ROOT) && role.equals(UserRole.ROOT)) {
      return new Refused(KvError.INVALID_AUTH_MANAGEMENT);
    }
    User user = state.user(name);
    if (user == null) {
      return new Refused(KvError.USER_NOT_FOUND);
    }
    return user.has(role)
        ? new Done(state.with(user.withoutRole(role)))
        : new Refused(KvError.ROLE_NOT_GRANTED);
  }

  private static AuthChange addRole(AuthState state, String role) {
    KvError error = nameRefusal(role, KvError.ROLE_EMPTY);
    if (error != null) {
      return new Refused(error);
    }
    return state.role(role) == null
        ? new Done(state.with(new UserRole(role, List.of())))
        : new Refused(KvError.ROLE_EXISTS);
  }

  private static AuthChange deleteRole(AuthState state, String role) {
    if (state.enabled() && role.equals(UserRole.ROOT)) {
      return new Refused(KvError.INVALID_AUTH_MANAGEMENT);
    }
    return state.role(role) == null
        ? new Refused(KvError.ROLE_NOT_FOUND)
        : new Done(state.withoutRole(role));
  }

  private static AuthChange grantPermission(
      AuthState state, String name, Permission permission, AuthLimits limits) {
    if (!isValid(permission)) {
      return new Refused(KvError.INVALID_AUTH_MANAGEMENT);
    }
    UserRole role = state.role(name);
    if (role == null) {
      return new Refused(KvError.ROLE_NOT_FOUND);
    }
    UserRole changed = role.with(permission);
    return changed.permissions().size() > limits.permissionsOfRole()
        ? new Refused(KvError.TOO_MANY_AUTH_ENTRIES)
        : new Done(state.with(changed));
  }

  /** A range must hold a key. */
  private static boolean isValid(Permission permission) {
    Bytes end = permission.rangeEnd();
    return !permission.key().isEmpty()
        && (end.isEmpty() || Span.isNoEnd(end) || permission.key().compareTo(end) < 0);
  }

  private static AuthChange revokePermission(
      AuthState state, String name, Bytes key, Bytes rangeEnd) {
    UserRole role = state.role(name);
    if (role == null) {
      return new Refused(KvError.ROLE_NOT_FOUND);
    }
    UserRole changed = role.without(key, rangeEnd);
    return changed.permissions().size() == role.permissions().size()
        ? new Refused(KvError.PERMISSION_NOT_GRANTED)
        : new Done(state.with(changed));
  }

  private static @Nullable KvError nameRefusal(String name, KvError empty) {
    if (name.isEmpty()) {
      return empty;
    }
    return Names.isTooLong(name) ? KvError.AUTH_NAME_TOO_LONG : null;
  }
}
