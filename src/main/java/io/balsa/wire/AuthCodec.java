package io.balsa.wire;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.model.Command;
import io.balsa.model.Permission;

/** The bytes of a {@link Command.OfAuth}: a kind that no other command has, and the fields. */
final class AuthCodec {
  private static final int AUTH_ENABLE = 20;
  private static final int AUTH_DISABLE = 21;
  private static final int USER_ADD = 22;
  private static final int USER_DELETE = 23;
  private static final int USER_CHANGE_PASSWORD = 24;
  private static final int USER_GRANT_ROLE = 25;
  private static final int USER_REVOKE_ROLE = 26;
  private static final int ROLE_ADD = 27;
  private static final int ROLE_DELETE = 28;
  private static final int ROLE_GRANT_PERMISSION = 29;
  private static final int ROLE_REVOKE_PERMISSION = 30;
  private static final int TOKEN_ADD = 31;
  private static final int TOKEN_USED = 32;
  private static final int TOKEN_DROP = 33;

  private AuthCodec() {}

  static void write(ByteWriter out, Command.OfAuth command) {
    switch (command) {
      case Command.AuthEnable _ -> out.u8(AUTH_ENABLE);
      case Command.AuthDisable _ -> out.u8(AUTH_DISABLE);
      case Command.UserAdd(String name, String hash, boolean noPassword) ->
          out.u8(USER_ADD).text(name).text(hash).flag(noPassword);
      case Command.UserDelete(String name) -> out.u8(USER_DELETE).text(name);
      case Command.UserChangePassword(String name, String hash) ->
          out.u8(USER_CHANGE_PASSWORD).text(name).text(hash);
      case Command.UserGrantRole(String user, String role) ->
          out.u8(USER_GRANT_ROLE).text(user).text(role);
      case Command.UserRevokeRole(String user, String role) ->
          out.u8(USER_REVOKE_ROLE).text(user).text(role);
      case Command.RoleAdd(String role) -> out.u8(ROLE_ADD).text(role);
      case Command.RoleDelete(String role) -> out.u8(ROLE_DELETE).text(role);
      case Command.RoleGrantPermission(String role, Permission permission) -> {
        out.u8(ROLE_GRANT_PERMISSION).text(role).u8(codeOf(permission.kind()));
        out.bytes(permission.key()).bytes(permission.rangeEnd());
      }
      case Command.RoleRevokePermission revoke ->
          out.u8(ROLE_REVOKE_PERMISSION)
              .text(revoke.role())
              .bytes(revoke.key())
              .bytes(revoke.rangeEnd());
      case Command.TokenAdd add ->
          out.u8(TOKEN_ADD).text(add.user()).bytes(add.digest()).varint(add.credentialsRevision());
      case Command.TokenUsed used -> out.u8(TOKEN_USED).bytes(used.digest());
      case Command.TokenDrop drop -> out.u8(TOKEN_DROP).list(drop.digests(), ByteWriter::bytes);
    }
  }

  /**
   * Reads the fields of a command.
   *
   * @param kind its kind, which is read already
   * @throws WireFailure also when no command has the kind
   */
  static Command.OfAuth read(int kind, ByteReader<WireFailure> in) throws WireFailure {
    return switch (kind) {
      case AUTH_ENABLE -> new Command.AuthEnable();
      case AUTH_DISABLE -> new Command.AuthDisable();
      case USER_ADD -> new Command.UserAdd(in.text(), in.text(), in.flag());
      case USER_DELETE -> new Command.UserDelete(in.text());
      case USER_CHANGE_PASSWORD -> new Command.UserChangePassword(in.text(), in.text());
      case USER_GRANT_ROLE -> new Command.UserGrantRole(in.text(), in.text());
      case USER_REVOKE_ROLE -> new Command.UserRevokeRole(in.text(), in.text());
      case ROLE_ADD -> new Command.RoleAdd(in.text());
      case ROLE_DELETE -> new Command.RoleDelete(in.text());
      case ROLE_GRANT_PERMISSION ->
          new Command.RoleGrantPermission(
              in.text(), new Permission(permissionKind(in), in.bytes(), in.bytes()));
      case ROLE_REVOKE_PERMISSION ->
          new Command.RoleRevokePermission(in.text(), in.bytes(), in.bytes());
      case TOKEN_ADD -> new Command.TokenAdd(in.text(), in.bytes(), in.varint());
      case TOKEN_USED -> new Command.TokenUsed(in.bytes());
      case TOKEN_DROP -> new Command.TokenDrop(in.list(ByteReader::bytes));
      default -> throw in.failure("of unknown kind " + kind);
    };
  }

  private static int codeOf(Permission.Kind kind) {
    return switch (kind) {
      case READ -> 1;
      case WRITE -> 2;
      case READWRITE -> 3;
    };
  }

  private static Permission.Kind permissionKind(ByteReader<WireFailure> in) throws WireFailure {
    int code = in.u8();
    return switch (code) {
      case 1 -> Permission.Kind.READ;
      case 2 -> Permission.Kind.WRITE;
      case 3 -> Permission.Kind.READWRITE;
      default -> throw in.failure("with an unknown permission " + code);
    };
  }
}
