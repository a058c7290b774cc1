package io.balsa.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.balsa.auth.AuthState;
import io.balsa.auth.Judge;
import io.balsa.auth.User;
import io.balsa.auth.UserRole;
import io.balsa.login.PasswordDesk;
import io.balsa.model.Caller;
import io.balsa.model.KvError;
import io.balsa.model.Permission;
import io.balsa.proto.etcdserverpb.AuthRoleGetResponse;
import io.balsa.proto.etcdserverpb.AuthUserGetResponse;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Users and roles in etcd's messages. */
final class AuthAnswers {
  /** What etcd shows for the role {@code root}: everything. */
  private static final io.balsa.proto.authpb.Permission ROOT_PERMISSION =
      io.balsa.proto.authpb.Permission.newBuilder()
          .setPermType(io.balsa.proto.authpb.Permission.Type.READWRITE)
          .setRangeEnd(ByteString.copyFrom(new byte[1]))
          .build();

  private AuthAnswers() {}

  /** A user may see itself, and root sees all. */
  static @Nullable KvError userRefusal(AuthState auth, Caller caller, String name) {
    KvError error = Judge.root(auth, caller);
    if (error != null && (!caller.user().equals(name) || Judge.loggedIn(auth, caller) != null)) {
      return error;
    }
    return auth.user(name) == null ? KvError.USER_NOT_FOUND : null;
  }

  static AuthUserGetResponse user(AuthState auth, String name, ResponseHeader header) {
    User user = auth.user(name);
    AuthUserGetResponse.Builder answer = AuthUserGetResponse.newBuilder().setHeader(header);
    return user == null ? answer.build() : answer.addAllRoles(user.roles()).build();
  }

  /** A user may see the roles that it has, and root sees all. */
  static @Nullable KvError roleRefusal(AuthState auth, Caller caller, String name) {
    KvError error = Judge.root(auth, caller);
    if (error != null && (!hasRole(auth, caller, name) || Judge.loggedIn(auth, caller) != null)) {
      return error;
    }
    return auth.role(name) == null ? KvError.ROLE_NOT_FOUND : null;
  }

  private static boolean hasRole(AuthState auth, Caller caller, String role) {
    User user = auth.user(caller.user());
    return user != null && user.roles().contains(role);
  }

  static AuthRoleGetResponse role(AuthState auth, String name, ResponseHeader header) {
    AuthRoleGetResponse.Builder answer = AuthRoleGetResponse.newBuilder().setHeader(header);
    UserRole role = auth.role(name);
    if (name.equals(UserRole.ROOT)) {
      answer.addPerm(ROOT_PERMISSION);
    } else if (role != null) {
      role.permissions().forEach(permission -> answer.addPerm(permission(permission)));
    }
    return answer.build();
  }

  private static io.balsa.proto.authpb.Permission permission(Permission permission) {
    return io.balsa.proto.authpb.Permission.newBuilder()
        .setPermType(
            switch (permission.kind()) {
              case READ -> io.balsa.proto.authpb.Permission.Type.READ;
              case WRITE -> io.balsa.proto.authpb.Permission.Type.WRITE;
              case READWRITE -> io.balsa.proto.authpb.Permission.Type.READWRITE;
            })
        .setKey(ByteString.copyFrom(permission.key().buffer()))
        .setRangeEnd(ByteString.copyFrom(permission.rangeEnd().buffer()))
        .build();
  }

  static Permission permission(io.balsa.proto.authpb.Permission permission) {
    return new Permission(
        switch (permission.getPermType()) {
          case WRITE -> Permission.Kind.WRITE;
          case READWRITE -> Permission.Kind.READWRITE;
          case READ, UNRECOGNIZED -> Permission.Kind.READ;
        },
        FromProto.bytes(permission.getKey()),
        FromProto.bytes(permission.getRangeEnd()));
  }

  /**
   * A hash that a client made, in base64; empty when it is none, or when its check would take so
   * long that other logins could not be checked.
   */
  static String sentHash(String base64) {
    try {
      String hash = new String(Base64.getDecoder().decode(base64), UTF_8);
      return PasswordDesk.isCheapHash(hash) ? hash : "";
    } catch (IllegalArgumentException _) {
      return "";
    }
  }
}
