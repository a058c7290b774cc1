package io.balsa.kv;

import static io.balsa.kv.WithUsers.delete;
import static io.balsa.kv.WithUsers.put;
import static io.balsa.kv.WithUsers.putPrev;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.model.Command;
import io.balsa.model.KvError;
import io.balsa.model.Permission.Kind;
import io.balsa.model.Result;
import io.balsa.model.StoreLimits;
import io.balsa.model.WriteId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A remembered result is for the user that wrote, and only for what that user may do now. */
class RememberedOfUsersTest {
  private static final WriteId WRITE = new WriteId(77, 1);

  private final WithUsers world = new WithUsers(StoreLimits.DEFAULT.withDeletionKeys(2));

  @BeforeEach
  void addUsers() {
    for (String user : new String[] {"alice", "bob"}) {
      world.user(user);
      world.permit(user, Kind.READWRITE, "k", "l");
    }
    world.enable();
    world.done(put("k", 0));
  }

  private Result named(String user, Command command) {
    return world.run(world.caller(user), WRITE, command);
  }

  @Test
  void nobodyElseGetsIt() {
    Result first = named("alice", putPrev("k"));
    assertThat(first).isInstanceOf(Result.Put.class);
    assertThat(named("alice", putPrev("k"))).isEqualTo(first);
    assertThat(WithUsers.error(named("bob", putPrev("k")))).isEqualTo(KvError.PERMISSION_DENIED);
    assertThat(WithUsers.error(named("root", putPrev("k")))).isEqualTo(KvError.PERMISSION_DENIED);
    assertThat(WithUsers.error(named("", putPrev("k")))).isEqualTo(KvError.USER_EMPTY);
    world.reopen();
    assertThat(named("alice", putPrev("k"))).isEqualTo(first);
    assertThat(WithUsers.error(named("bob", putPrev("k")))).isEqualTo(KvError.PERMISSION_DENIED);
    assertThat(world.store.revision()).isEqualTo(3);
  }

  /** The answer does not say that the write was not done. */
  @Test
  void whoMayNotAnyMoreGetsNoResult() {
    named("alice", putPrev("k"));
    world.done(new Command.UserRevokeRole("alice", "alice"));
    assertThat(WithUsers.error(named("alice", putPrev("k")))).isEqualTo(KvError.RESULT_TOO_LARGE);
    assertThat(WithUsers.error(named("bob", putPrev("k")))).isEqualTo(KvError.PERMISSION_DENIED);
  }

  /** The name may stand for a command that the user may not give. */
  @Test
  void anotherCommandUnderTheNameIsJudgedToo() {
    named("alice", putPrev("k"));
    assertThat(WithUsers.error(named("alice", putPrev("secret"))))
        .isEqualTo(KvError.RESULT_TOO_LARGE);
  }

  @Test
  void aRefusedWriteMayBeDoneLater() {
    assertThat(WithUsers.error(named("alice", put("m", 0)))).isEqualTo(KvError.PERMISSION_DENIED);
    world.permit("alice", Kind.WRITE, "m", "");
    Result done = named("alice", put("m", 0));
    assertThat(done).isInstanceOf(Result.Put.class);
    assertThat(named("alice", put("m", 0))).isEqualTo(done);
  }

  @Test
  void whatWasWrittenBeforeThereWereUsersIsNobodys() {
    world.done(new Command.AuthDisable());
    Result first = named("", putPrev("k"));
    assertThat(named("", putPrev("k"))).isEqualTo(first);
    world.done(new Command.AuthEnable());
    assertThat(WithUsers.error(named("alice", putPrev("k")))).isEqualTo(KvError.PERMISSION_DENIED);
    assertThat(WithUsers.error(named("", putPrev("k")))).isEqualTo(KvError.USER_EMPTY);
  }

  /** Its row is written again when all keys are swept, and stays the user's. */
  @Test
  void aLargeDeletionStaysTheUsers() {
    for (int i = 0; i < 4; i++) {
      world.done(put("k" + i, 0));
    }
    Result first = named("alice", delete("k", "l", false));
    assertThat(first).isInstanceOf(Result.UnderWay.class);
    long tombstone = first.revision();
    while (!world.store.tombstones().isEmpty()) {
      world.done(new Command.Sweep(tombstone));
    }
    assertThat(named("alice", delete("k", "l", false)))
        .isInstanceOfSatisfying(
            Result.DeleteRange.class, deleted -> assertThat(deleted.deleted()).isEqualTo(5));
    assertThat(WithUsers.error(named("bob", delete("k", "l", false))))
        .isEqualTo(KvError.PERMISSION_DENIED);
  }
}
