package io.balsa.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.balsa.proto.authpb.Permission;
import io.balsa.proto.authpb.UserAddOptions;
import io.balsa.proto.etcdserverpb.AuthDisableRequest;
import io.balsa.proto.etcdserverpb.AuthEnableRequest;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthRoleDeleteRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGetRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.balsa.proto.etcdserverpb.AuthRoleListRequest;
import io.balsa.proto.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.balsa.proto.etcdserverpb.AuthStatusRequest;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordRequest;
import io.balsa.proto.etcdserverpb.AuthUserDeleteRequest;
import io.balsa.proto.etcdserverpb.AuthUserGetRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthUserListRequest;
import io.balsa.proto.etcdserverpb.AuthUserRevokeRoleRequest;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Users and roles that come, change and go, and all kinds of requests as these users, with valid,
 * old and wrong tokens. It remembers from the answers of etcd whether users are in force, and the
 * passwords, so that most requests are those of somebody.
 */
final class AuthDice implements RandomSteps {
  private static final String ROOT = "root";
  private static final List<String> USERS = List.of("alice", "bob", "carol");
  private static final List<String> NAMES = List.of("alice", "bob", "carol", "dave", ROOT);
  private static final List<String> ROLES = List.of("r1", "r2", "r3", "r4", ROOT);
  private static final List<String> PASSWORDS = List.of("one", "two", "three");

  /** Balsa lets a client wait that gives more wrong passwords of a user one after the other. */
  private static final int FAILURES_MAX = 4;

  private final Die die;
  private final AuthDataDice data;
  private final Map<String, String> passwords = new TreeMap<>();
  private final Map<String, Integer> failures = new TreeMap<>();

  /** For each role and key the ends of the ranges that the role has a permission on. */
  private final Map<String, Set<ByteString>> granted = new TreeMap<>();

  private boolean enabled;
  private boolean rootIn;
  private int tries;

  AuthDice(long seed) {
    die = new Die(seed);
    data = new AuthDataDice(die);
  }

  @Override
  public void saw(Step step, String answer) {
    boolean well = answer.startsWith("ok") || answer.startsWith("http 200");
    if (step instanceof Step.Login(_, AuthenticateRequest login)) {
      int before = failures.getOrDefault(login.getName(), 0);
      failures.put(login.getName(), well ? 0 : before + 1);
      rootIn |= well && login.getName().equals(ROOT);
    }
    if (well && step instanceof Step.As(_, Step.Call call)) {
      changed(call.request());
    }
  }

  private void changed(Message request) {
    switch (request) {
      case AuthEnableRequest _ -> enabled = true;
      case AuthDisableRequest _ -> {
        enabled = false;
        rootIn = false;
      }
      case AuthUserAddRequest add -> passwords.put(add.getName(), add.getPassword());
      case AuthUserChangePasswordRequest change -> {
        passwords.put(change.getName(), change.getPassword());
        rootIn &= !change.getName().equals(ROOT);
      }
      case AuthUserDeleteRequest delete -> passwords.remove(delete.getName());
      case AuthRoleGrantPermissionRequest grant ->
          ends(grant.getName(), grant.getPerm().getKey()).add(grant.getPerm().getRangeEnd());
      case AuthRoleRevokePermissionRequest revoke ->
          ends(revoke.getRole(), revoke.getKey()).remove(revoke.getRangeEnd());
      case AuthRoleDeleteRequest delete ->
          granted.keySet().removeIf(each -> each.startsWith(delete.getRole() + " "));
      default -> {}
    }
  }

  private Set<ByteString> ends(String role, ByteString key) {
    return granted.computeIfAbsent(role + " " + key.toStringUtf8(), _ -> new HashSet<>());
  }

  @Override
  public Step next() {
    if (tries++ > 15 && die.chance(50)) {
      Step needed = needed();
      if (needed != null) {
        return needed;
      }
    }
    int kind = die.upTo(100);
    if (kind < 12) {
      return login();
    }
    if (kind < 42) {
      String who = die.chance(85) ? manager() : somebody();
      return as(who, admin());
    }
    if (kind < 47) {
      return new Step.Look(somebody(), data.watch());
    }
    return as(somebody(), kind < 53 ? data.maintenance() : data.call());
  }

  private static Step as(String who, Step.Call call) {
    return new Step.As(who, call);
  }

  /** What brings users into force, and root to its token; null when all is so. */
  private @Nullable Step needed() {
    if (enabled) {
      boolean waits = rootIn || failures.getOrDefault(ROOT, 0) >= FAILURES_MAX;
      return waits ? null : new Step.Login(false, login(ROOT, passwordOf(ROOT)));
    }
    return as(
        HeldTokens.NOBODY,
        switch (die.upTo(6)) {
          case 0 -> call(Rpc.USER_ADD, user(ROOT));
          case 1 ->
              call(
                  Rpc.USER_GRANT,
                  AuthUserGrantRoleRequest.newBuilder().setUser(ROOT).setRole(ROOT).build());
          case 2 -> call(Rpc.AUTH_ENABLE, AuthEnableRequest.getDefaultInstance());
          default -> admin();
        });
  }

  private String passwordOf(String user) {
    return Objects.requireNonNullElse(passwords.get(user), "none");
  }

  private String manager() {
    return enabled ? ROOT : HeldTokens.NOBODY;
  }

  private String somebody() {
    int kind = die.upTo(100);
    if (kind < 75) {
      return die.one(USERS);
    } else if (kind < 85) {
      return ROOT;
    } else if (kind < 91) {
      return die.one(USERS) + HeldTokens.BEFORE;
    }
    return kind < 96 ? HeldTokens.NOBODY : HeldTokens.STRANGER;
  }

  private Step login() {
    String user = die.chance(80) ? die.one(USERS) : name();
    boolean right = die.chance(80) || failures.getOrDefault(user, 0) >= FAILURES_MAX;
    String password = right ? passwordOf(user) : die.chance(20) ? "" : die.one(PASSWORDS);
    boolean fails = password.isEmpty() || !password.equals(passwords.get(user));
    if (fails && failures.getOrDefault(user, 0) >= FAILURES_MAX) {
      return as(somebody(), data.call());
    }
    return new Step.Login(die.chance(10), login(user, password));
  }

  private static AuthenticateRequest login(String user, String password) {
    return AuthenticateRequest.newBuilder().setName(user).setPassword(password).build();
  }

  private Step.Call call(Rpc rpc, Message request) {
    return new Step.Call(die.chance(10), rpc, request);
  }

  private String name() {
    return die.chance(2) ? "" : die.one(NAMES);
  }

  private String role() {
    return die.chance(2) ? "" : die.one(ROLES);
  }

  private Step.Call admin() {
    int kind = die.upTo(100);
    if (kind < 45) {
      return die.chance(75) ? grant() : revoke(role(), data.key(), data.rangeEnd(60));
    } else if (kind < 65) {
      return ofUsersRoles();
    } else if (kind < 85) {
      return ofUsers();
    } else if (kind < 97) {
      return ofRoles();
    }
    return inForce();
  }

  private Step.Call inForce() {
    if (die.chance(40)) {
      return call(Rpc.AUTH_STATUS, AuthStatusRequest.getDefaultInstance());
    }
    return die.chance(50)
        ? call(Rpc.AUTH_DISABLE, AuthDisableRequest.getDefaultInstance())
        : call(Rpc.AUTH_ENABLE, AuthEnableRequest.getDefaultInstance());
  }

  /**
   * A permission for a role, or the end of the one on the same range. When a role has permissions
   * on several ranges from one key, etcd may add a second one on the same range, and then the
   * earlier one stays in force. Balsa replaces it.
   */
  private Step.Call grant() {
    String role = role();
    ByteString key = data.key();
    ByteString end = data.rangeEnd(60);
    Set<ByteString> ends = ends(role, key);
    if (ends.size() > 1 && ends.contains(end)) {
      return revoke(role, key, end);
    }
    AuthRoleGrantPermissionRequest.Builder grant =
        AuthRoleGrantPermissionRequest.newBuilder().setName(role);
    if (die.chance(98)) {
      grant.setPerm(
          Permission.newBuilder().setPermTypeValue(die.upTo(3)).setKey(key).setRangeEnd(end));
    }
    return call(Rpc.ROLE_GRANT, grant.build());
  }

  private Step.Call revoke(String role, ByteString key, ByteString end) {
    return call(
        Rpc.ROLE_REVOKE,
        AuthRoleRevokePermissionRequest.newBuilder()
            .setRole(role)
            .setKey(key)
            .setRangeEnd(end)
            .build());
  }

  private Step.Call ofUsersRoles() {
    String user = die.chance(80) ? die.one(USERS) : name();
    return die.chance(65)
        ? call(
            Rpc.USER_GRANT,
            AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role()).build())
        : call(
            Rpc.USER_REVOKE,
            AuthUserRevokeRoleRequest.newBuilder().setName(user).setRole(role()).build());
  }

  private Step.Call ofUsers() {
    String name = name();
    return switch (die.upTo(10)) {
      case 0, 1, 2 -> call(Rpc.USER_ADD, user(name));
      case 3 -> call(Rpc.USER_DELETE, AuthUserDeleteRequest.newBuilder().setName(name).build());
      case 4, 5 ->
          call(
              Rpc.USER_PASSWORD,
              AuthUserChangePasswordRequest.newBuilder()
                  .setName(name)
                  .setPassword(passwordFor(name))
                  .build());
      case 6 -> call(Rpc.USER_LIST, AuthUserListRequest.getDefaultInstance());
      default -> call(Rpc.USER_GET, AuthUserGetRequest.newBuilder().setName(name).build());
    };
  }

  /** Nobody can log in with an empty password. */
  private String passwordFor(String name) {
    return die.chance(5) && !name.equals(ROOT) ? "" : die.one(PASSWORDS);
  }

  /** Root always has a password, so that users in force can be managed. */
  private AuthUserAddRequest user(String name) {
    AuthUserAddRequest.Builder add = AuthUserAddRequest.newBuilder().setName(name);
    if (die.chance(15)) {
      add.setOptions(UserAddOptions.newBuilder().setNoPassword(die.chance(60)));
    }
    if (name.equals(ROOT)) {
      add.clearOptions();
    }
    return add.setPassword(passwordFor(name)).build();
  }

  private Step.Call ofRoles() {
    return switch (die.upTo(8)) {
      case 0, 1, 2 -> call(Rpc.ROLE_ADD, AuthRoleAddRequest.newBuilder().setName(role()).build());
      case 3 -> call(Rpc.ROLE_DELETE, AuthRoleDeleteRequest.newBuilder().setRole(role()).build());
      case 4 -> call(Rpc.ROLE_LIST, AuthRoleListRequest.getDefaultInstance());
      default -> call(Rpc.ROLE_GET, AuthRoleGetRequest.newBuilder().setRole(role()).build());
    };
  }
}
