package io.balsa.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.model.Alarm;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.KvError;
import io.balsa.model.Permission.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may do what. */
class JudgeTest {
  private static final Bytes A = Bytes.utf8("a");
  private static final Bytes NONE = Bytes.EMPTY;

  private final AuthScript script =
      new AuthScript()
          .enabled()
          .user("bob")
          .role("r")
          .permit("r", Kind.READ, "a", "")
          .permit("r", Kind.WRITE, "b", "")
          .grant("bob", "r");

  private Caller caller(String user) {
    return Caller.of(user, script.state.revision());
  }

  private static final List<Command> FOR_ROOT =
      List.of(
          new Command.Compact(2, false),
          new Command.SetAlarm(new Alarm(1, Alarm.Kind.NOSPACE), false),
          new Command.AuthEnable(),
          new Command.AuthDisable(),
          new Command.UserAdd("x", "", false),
          new Command.UserDelete("x"),
          new Command.UserChangePassword("bob", ""),
          new Command.UserGrantRole("bob", "root"),
          new Command.UserRevokeRole("bob", "r"),
          new Command.RoleAdd("x"),
          new Command.RoleDelete("x"),
          new Command.RoleGrantPermission("r", AuthScript.permission(Kind.READ, "z", "")),
          new Command.RoleRevokePermission("r", A, NONE));

  private static final List<Command> FOR_THE_SERVER =
      List.of(
          new Command.Sweep(1),
          new Command.BeginHash(),
          new Command.Publish(1, "m", List.of(), 1),
          new Command.SetQuota(1),
          new Command.LeaseExpire(1, 1, 1),
          new Command.LeaseCheckpoint(1, 1, List.of()),
          new Command.TokenAdd("bob", A, 1),
          new Command.TokenUsed(A),
          new Command.TokenDrop(List.of(A)));

  @Test
  void aClientWithoutIdentityMayNothing() {
    Caller nobody = Caller.nobody(script.state.revision());
    Command.Put put = new Command.Put(A, A, 0, false, false, false);
    Command.Txn empty = new Command.Txn(List.of(), List.of(), List.of());
    for (Command command :
        List.of(put, empty, new Command.LeaseGrant(1, 1), new Command.LeaseRevoke(1))) {
      assertThat(Judge.command(script.state, nobody, command)).isEqualTo(KvError.USER_EMPTY);
    }
    for (Command command : FOR_ROOT) {
      assertThat(Judge.command(script.state, nobody, command)).isEqualTo(KvError.USER_EMPTY);
    }
    assertThat(Judge.read(script.state, nobody, A, NONE)).isEqualTo(KvError.USER_EMPTY);
    assertThat(Judge.loggedIn(script.state, nobody)).isEqualTo(KvError.USER_EMPTY);
  }

  @Test
  void rootMayAllAndOthersMayNotAdminister() {
    for (Command command : FOR_ROOT) {
      assertThat(Judge.command(script.state, caller("root"), command)).isNull();
      assertThat(Judge.command(script.state, caller("bob"), command))
          .isEqualTo(KvError.PERMISSION_DENIED);
    }
    assertThat(Judge.write(script.state, caller("root"), A, Bytes.of(0))).isNull();
  }

  /** No client may give them, not even root. */
  @Test
  void theServersCommandsAreTheServersAlone() {
    for (Command command : FOR_THE_SERVER) {
      assertThat(Judge.command(script.state, Caller.SERVER, command)).isNull();
      assertThat(Judge.command(script.state, caller("root"), command))
          .isEqualTo(KvError.PERMISSION_DENIED);
      assertThat(Judge.command(script.state, Caller.nobody(1), command))
          .isEqualTo(KvError.PERMISSION_DENIED);
    }
    assertThat(Judge.command(script.state, Caller.SERVER, FOR_ROOT.getFirst())).isNull();
  }

  @Test
  void everybodyMayAllWhileUsersAreNotInForce() {
    script.with(new Command.AuthDisable());
    for (Command command : FOR_ROOT) {
      assertThat(Judge.command(script.state, Caller.nobody(1), command)).isNull();
    }
    assertThat(Judge.read(script.state, Caller.nobody(1), A, Bytes.of(0))).isNull();
  }

  @Test
  void theStateInForceDecidesAndNotTheOneOfTheRequest() {
    Caller early = caller("bob");
    script.user("carol").permit("r", Kind.READ, "c", "");
    assertThat(Judge.read(script.state, early, A, NONE)).isNull();
    assertThat(Judge.read(script.state, early, Bytes.utf8("c"), NONE)).isNull();
    script.with(new Command.UserRevokeRole("bob", "r"));
    assertThat(Judge.read(script.state, early, A, NONE)).isEqualTo(KvError.PERMISSION_DENIED);
  }

  @Test
  void whoWasLetInBeforeThePasswordChangedIsRefused() {
    Caller early = caller("bob");
    script.with(new Command.UserChangePassword("bob", "other"));
    assertThat(Judge.read(script.state, early, A, NONE)).isEqualTo(KvError.AUTH_OLD_REVISION);
    assertThat(Judge.loggedIn(script.state, early)).isEqualTo(KvError.AUTH_OLD_REVISION);
    assertThat(Judge.root(script.state, early)).isEqualTo(KvError.AUTH_OLD_REVISION);
    assertThat(Judge.read(script.state, caller("bob"), A, NONE)).isNull();
  }

  @Test
  void aUserThatIsGoneMayNothingAndAnotherOfTheNameIsNotTheSame() {
    Caller early = caller("bob");
    script.with(new Command.UserDelete("bob"));
    assertThat(Judge.read(script.state, early, A, NONE)).isEqualTo(KvError.PERMISSION_DENIED);
    assertThat(Judge.root(script.state, early)).isEqualTo(KvError.USER_NOT_FOUND);
    script.user("bob").grant("bob", "root");
    assertThat(Judge.read(script.state, early, A, NONE)).isEqualTo(KvError.AUTH_OLD_REVISION);
  }

  @Test
  void readingAndWritingAreTwoRights() {
    Caller bob = caller("bob");
    Bytes b = Bytes.utf8("b");
    assertThat(Judge.read(script.state, bob, A, NONE)).isNull();
    assertThat(Judge.write(script.state, bob, A, NONE)).isEqualTo(KvError.PERMISSION_DENIED);
    assertThat(Judge.write(script.state, bob, b, NONE)).isNull();
    assertThat(Judge.read(script.state, bob, b, NONE)).isEqualTo(KvError.PERMISSION_DENIED);
    Command.Put put = new Command.Put(b, b, 0, true, false, false);
    assertThat(Judge.command(script.state, bob, put)).isEqualTo(KvError.PERMISSION_DENIED);
    Command.DeleteRange delete = new Command.DeleteRange(b, NONE, true);
    assertThat(Judge.command(script.state, bob, delete)).isEqualTo(KvError.PERMISSION_DENIED);
  }

  @Test
  void aRoleThatRootHasByNameNeedsNotExist() {
    assertThat(script.state.role("root")).isNull();
    script.user("admin").grant("admin", "root");
    assertThat(Judge.root(script.state, caller("admin"))).isNull();
  }

  /** What a user's roles cover is found out again after each change of a role. */
  @Test
  void changesOfARoleReachAllThatHaveIt() {
    script.role("s").grant("bob", "s");
    Caller bob = caller("bob");
    Bytes z = Bytes.utf8("z");
    assertThat(Judge.read(script.state, bob, z, NONE)).isEqualTo(KvError.PERMISSION_DENIED);
    script.permit("s", Kind.READ, "z", "");
    assertThat(Judge.read(script.state, bob, z, NONE)).isNull();
    script.with(new Command.RoleRevokePermission("s", z, NONE));
    assertThat(Judge.read(script.state, bob, z, NONE)).isEqualTo(KvError.PERMISSION_DENIED);
    script.permit("s", Kind.READ, "z", "").with(new Command.RoleDelete("s"));
    assertThat(Judge.read(script.state, bob, z, NONE)).isEqualTo(KvError.PERMISSION_DENIED);
  }
}
