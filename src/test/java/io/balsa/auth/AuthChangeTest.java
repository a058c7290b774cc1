package io.balsa.auth;

import static io.balsa.auth.AuthScript.permission;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.KvError;
import io.balsa.model.Permission.Kind;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Changes of users and roles do, and refuse, what etcd does. */
class AuthChangeTest {
  private final AuthScript script = new AuthScript();

  private static User user(AuthState state, String name) {
    return Objects.requireNonNull(state.user(name));
  }

  @Test
  void everyChangeMakesARevisionAndEnablingMakesNone() {
    assertThat(script.state.revision()).isEqualTo(1);
    script.user("root").grant("root", "root");
    assertThat(script.state.revision()).isEqualTo(3);
    script.with(new Command.AuthEnable()).with(new Command.AuthEnable());
    assertThat(script.state.enabled()).isTrue();
    assertThat(script.state.revision()).isEqualTo(3);
    script.grant("root", "root");
    assertThat(script.state.revision()).as("it has the role").isEqualTo(3);
    script.with(new Command.AuthDisable()).with(new Command.AuthDisable());
    assertThat(script.state.enabled()).isFalse();
    assertThat(script.state.revision()).isEqualTo(4);
    assertThat(script.tell(new Command.UserDelete("bob"))).isEqualTo(KvError.USER_NOT_FOUND);
    assertThat(script.state.revision()).as("refused").isEqualTo(4);
  }

  @Test
  void enablingNeedsRootWithItsRole() {
    assertThat(script.tell(new Command.AuthEnable())).isEqualTo(KvError.ROOT_USER_MISSING);
    script.user("root");
    assertThat(script.tell(new Command.AuthEnable())).isEqualTo(KvError.ROOT_ROLE_MISSING);
    script.grant("root", "root");
    assertThat(script.tell(new Command.AuthEnable())).isNull();
  }

  @Test
  void rootStaysWhileUsersAreInForce() {
    script.role("root").enabled();
    KvError refusal = KvError.INVALID_AUTH_MANAGEMENT;
    assertThat(script.tell(new Command.UserDelete("root"))).isEqualTo(refusal);
    assertThat(script.tell(new Command.UserRevokeRole("root", "root"))).isEqualTo(refusal);
    assertThat(script.tell(new Command.RoleDelete("root"))).isEqualTo(refusal);
    script.with(new Command.AuthDisable()).with(new Command.RoleDelete("root"));
    assertThat(user(script.state, "root").roles()).isEmpty();
    script.with(new Command.UserDelete("root"));
    assertThat(script.state.users()).isEmpty();
  }

  @Test
  void usersAreAddedOnceAndHaveNames() {
    script.user("bob");
    assertThat(script.tell(new Command.UserAdd("bob", "h", true))).isEqualTo(KvError.USER_EXISTS);
    assertThat(script.tell(new Command.UserAdd("", "h", true))).isEqualTo(KvError.USER_EMPTY);
    assertThat(script.tell(new Command.RoleAdd(""))).isEqualTo(KvError.ROLE_EMPTY);
    script.role("r");
    assertThat(script.tell(new Command.RoleAdd("r"))).isEqualTo(KvError.ROLE_EXISTS);
    assertThat(script.tell(new Command.RoleDelete("x"))).isEqualTo(KvError.ROLE_NOT_FOUND);
  }

  @Test
  void namesHaveABoundInBytes() {
    script.user("ü".repeat(512)).role("r".repeat(1024));
    assertThat(script.tell(new Command.UserAdd("ü".repeat(512) + "a", "", true)))
        .isEqualTo(KvError.AUTH_NAME_TOO_LONG);
    assertThat(script.tell(new Command.RoleAdd("r".repeat(1025))))
        .isEqualTo(KvError.AUTH_NAME_TOO_LONG);
  }

  @Test
  void aPasswordChangesAndARoleDoesNotTouchIt() {
    script.user("bob").role("r");
    long created = user(script.state, "bob").credentialsRevision();
    assertThat(created).isEqualTo(2);
    script.grant("bob", "r");
    assertThat(user(script.state, "bob").credentialsRevision()).isEqualTo(created);
    script.with(new Command.UserChangePassword("bob", "other"));
    assertThat(user(script.state, "bob"))
        .isEqualTo(new User("bob", "other", false, List.of("r"), script.state.revision()));
    script.with(new Command.UserChangePassword("bob", ""));
    assertThat(user(script.state, "bob").hash()).isEmpty();
    assertThat(script.tell(new Command.UserChangePassword("x", "")))
        .isEqualTo(KvError.USER_NOT_FOUND);
  }

  @Test
  void aUserWithoutPasswordGetsNone() {
    script.with(new Command.UserAdd("cert", "hash", true));
    assertThat(user(script.state, "cert").hash()).isEmpty();
    script.with(new Command.UserChangePassword("cert", "hash"));
    assertThat(user(script.state, "cert").hash()).isEmpty();
  }

  @Test
  void rolesAreGivenAndTaken() {
    script.user("bob").role("b").role("a");
    assertThat(script.tell(new Command.UserGrantRole("x", "a"))).isEqualTo(KvError.USER_NOT_FOUND);
    assertThat(script.tell(new Command.UserGrantRole("bob", "x")))
        .isEqualTo(KvError.ROLE_NOT_FOUND);
    script.grant("bob", "root").grant("bob", "b").grant("bob", "a");
    assertThat(user(script.state, "bob").roles()).containsExactly("a", "b", "root");
    assertThat(script.tell(new Command.UserRevokeRole("bob", "x")))
        .isEqualTo(KvError.ROLE_NOT_GRANTED);
    assertThat(script.tell(new Command.UserRevokeRole("x", "a"))).isEqualTo(KvError.USER_NOT_FOUND);
    script.with(new Command.UserRevokeRole("bob", "b")).with(new Command.RoleDelete("a"));
    assertThat(user(script.state, "bob").roles()).containsExactly("root");
  }

  @Test
  void aPermissionOnTheSameRangeIsReplaced() {
    script.role("r").permit("r", Kind.READ, "b", "").permit("r", Kind.READ, "a", "c");
    script.permit("r", Kind.WRITE, "a", "").permit("r", Kind.READWRITE, "a", "c");
    assertThat(Objects.requireNonNull(script.state.role("r")).permissions())
        .containsExactly(
            permission(Kind.READWRITE, "a", "c"),
            permission(Kind.WRITE, "a", ""),
            permission(Kind.READ, "b", ""));
    Bytes a = Bytes.utf8("a");
    script.with(new Command.RoleRevokePermission("r", a, Bytes.utf8("c")));
    assertThat(Objects.requireNonNull(script.state.role("r")).permissions())
        .containsExactly(permission(Kind.WRITE, "a", ""), permission(Kind.READ, "b", ""));
    assertThat(script.tell(new Command.RoleRevokePermission("r", a, Bytes.utf8("c"))))
        .isEqualTo(KvError.PERMISSION_NOT_GRANTED);
    assertThat(script.tell(new Command.RoleRevokePermission("x", a, a)))
        .isEqualTo(KvError.ROLE_NOT_FOUND);
  }

  /** As in etcd, the range is looked at before the role. */
  @Test
  void aRangeWithoutKeysIsNoPermission() {
    for (String[] range : new String[][] {{"", ""}, {"b", "a"}, {"b", "b"}, {"", "\0"}}) {
      var grant = new Command.RoleGrantPermission("x", permission(Kind.READ, range[0], range[1]));
      assertThat(script.tell(grant)).isEqualTo(KvError.INVALID_AUTH_MANAGEMENT);
    }
    var fine = new Command.RoleGrantPermission("x", permission(Kind.READ, "b", "\0"));
    assertThat(script.tell(fine)).isEqualTo(KvError.ROLE_NOT_FOUND);
  }

  @Test
  void nothingGrowsBeyondItsBound() {
    AuthScript small = new AuthScript(new AuthLimits(2, 2, 2, 3, 3, 1_000, 1, 1));
    KvError tooMany = KvError.TOO_MANY_AUTH_ENTRIES;
    small.user("a").user("b").role("r").role("s");
    assertThat(small.tell(new Command.UserAdd("c", "", false))).isEqualTo(tooMany);
    assertThat(small.tell(new Command.RoleAdd("t"))).isEqualTo(tooMany);
    small.grant("a", "r").grant("a", "s").grant("b", "r");
    assertThat(small.tell(new Command.UserGrantRole("b", "s"))).isEqualTo(tooMany);
    small.permit("r", Kind.READ, "a", "").permit("r", Kind.READ, "b", "");
    var third = new Command.RoleGrantPermission("r", permission(Kind.READ, "c", ""));
    assertThat(small.tell(third)).as("in one role").isEqualTo(tooMany);
    small.permit("s", Kind.READ, "a", "");
    var fourth = new Command.RoleGrantPermission("s", permission(Kind.READ, "b", ""));
    assertThat(small.tell(fourth)).as("in all roles").isEqualTo(tooMany);
    var large = new Command.UserChangePassword("a", "h".repeat(1_000));
    assertThat(small.tell(large)).isEqualTo(tooMany);
    assertThat(small.state.revision()).isEqualTo(11);
    small.with(new Command.UserDelete("a")).user("c");
  }

  @Test
  void namesAreInTheOrderOfTheirBytes() {
    script.user("\uD83D\uDE00").user("\uFFFD").user("b").user("ab").user("a");
    assertThat(script.state.users())
        .extracting(User::name)
        .containsExactly("a", "ab", "b", "\uFFFD", "\uD83D\uDE00");
  }

  @Test
  void noTextShowsAHash() {
    script.with(new Command.UserAdd("bob", "secret", false));
    assertThat(
            List.of(
                new Command.UserAdd("bob", "secret", false),
                new Command.UserChangePassword("bob", "secret"),
                script.state.users()))
        .allSatisfy(each -> assertThat(each.toString()).contains("bob").doesNotContain("secret"));
  }
}
