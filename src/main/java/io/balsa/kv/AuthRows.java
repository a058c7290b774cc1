package io.balsa.kv;

import io.balsa.auth.AuthState;
import io.balsa.auth.Tokens;
import io.balsa.auth.User;
import io.balsa.auth.UserRole;
import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.model.Permission;
import io.balsa.rows.Layout;
import java.util.ArrayList;
import java.util.List;

/** The rows of users, roles and tokens. A store in which none was ever added has none of them. */
final class AuthRows {
  private static final Bytes NUMBERS = Layout.meta("auth");

  private AuthRows() {}

  static Bytes numbersRow() {
    return NUMBERS;
  }

  static Bytes numbers(AuthState state) {
    return new ByteWriter(11).flag(state.enabled()).varint(state.revision()).done();
  }

  static Bytes encode(User user) {
    return new ByteWriter(128)
        .text(user.hash())
        .flag(user.noPassword())
        .varint(user.credentialsRevision())
        .list(user.roles(), ByteWriter::text)
        .done();
  }

  private static User user(Bytes key, Bytes row) {
    ByteReader<BrokenInvariant> in = ByteReader.ofRow(row);
    String hash = in.text();
    boolean noPassword = in.flag();
    long revision = in.varint();
    List<String> roles = List.copyOf(in.list(ByteReader::text));
    return new User(Layout.nameOf(key), hash, noPassword, roles, revision);
  }

  static Bytes encode(UserRole role) {
    return new ByteWriter(128).list(role.permissions(), AuthRows::write).done();
  }

  private static void write(ByteWriter out, Permission permission) {
    out.text(permission.kind().name()).bytes(permission.key()).bytes(permission.rangeEnd());
  }

  private static Permission permission(ByteReader<BrokenInvariant> in) {
    return new Permission(Permission.Kind.valueOf(in.text()), in.bytes(), in.bytes());
  }

  private static UserRole role(Bytes key, Bytes row) {
    List<Permission> permissions = ByteReader.ofRow(row).list(AuthRows::permission);
    return new UserRole(Layout.nameOf(key), List.copyOf(permissions));
  }

  static Bytes encode(Tokens.Token token) {
    return new ByteWriter(32)
        .text(token.user())
        .varint(token.credentialsRevision())
        .varint(token.used())
        .done();
  }

  private static Tokens.Token token(Bytes key, Bytes row) {
    ByteReader<BrokenInvariant> in = ByteReader.ofRow(row);
    return new Tokens.Token(Layout.digestOf(key), in.text(), in.varint(), in.varint());
  }

  /** The users and roles in a view. */
  static AuthState read(Engine.View view) {
    Bytes numbers = view.get(NUMBERS);
    if (numbers == null) {
      return AuthState.NONE;
    }
    ByteReader<BrokenInvariant> in = ByteReader.ofRow(numbers);
    boolean enabled = in.flag();
    long revision = in.varint();
    List<User> users = all(view, Layout.usersStart(), Layout.usersEnd(), AuthRows::user);
    List<UserRole> roles = all(view, Layout.rolesStart(), Layout.rolesEnd(), AuthRows::role);
    return AuthState.of(enabled, revision, users, roles);
  }

  /** Whether a view has users or roles, or had some. */
  static boolean areIn(Engine.View view) {
    return view.get(NUMBERS) != null;
  }

  static List<Tokens.Token> tokens(Engine.View view) {
    return all(view, Layout.tokensStart(), Layout.tokensEnd(), AuthRows::token);
  }

  static void dropTokens(Engine.View view, Batch batch) {
    tokens(view).forEach(token -> batch.delete(Layout.token(token.digest())));
  }

  @FunctionalInterface
  private interface Decoder<T> {
    T decode(Bytes key, Bytes row);
  }

  private static <T> List<T> all(Engine.View view, Bytes from, Bytes to, Decoder<T> decoder) {
    List<T> all = new ArrayList<>();
    try (Engine.Cursor rows = view.scan(from, to)) {
      while (rows.next()) {
        all.add(decoder.decode(rows.key(), rows.value()));
      }
    }
    return all;
  }
}
