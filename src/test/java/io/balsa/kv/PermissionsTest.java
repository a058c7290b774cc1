package io.balsa.kv;

import static io.balsa.kv.WithUsers.bytes;
import static io.balsa.kv.WithUsers.delete;
import static io.balsa.kv.WithUsers.put;
import static io.balsa.kv.WithUsers.putPrev;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.auth.Judge;
import io.balsa.engine.Engine;
import io.balsa.model.Alarm;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.Compare;
import io.balsa.model.EntryToApply;
import io.balsa.model.KvError;
import io.balsa.model.Permission.Kind;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.StoreLimits;
import io.balsa.model.WriteId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands are judged when they are applied, and a refused one changes nothing. */
class PermissionsTest {
  private static final KvError DENIED = KvError.PERMISSION_DENIED;

  private final WithUsers world = new WithUsers();

  /** Bob reads and writes {@code b}, writes {@code w} and reads {@code r}, each with its prefix. */
  @BeforeEach
  void addUsers() {
    prepare(world);
  }

  private static void prepare(WithUsers world) {
    world.user("bob");
    world.permit("bob", Kind.READWRITE, "b", "c");
    world.permit("bob", Kind.WRITE, "w", "x");
    world.permit("bob", Kind.READ, "r", "s");
    world.enable();
    world.done(put("secret", 0));
  }

  private static Command.Txn txn(List<Compare> compares, List<Op> success, List<Op> failure) {
    return new Command.Txn(compares, success, failure);
  }

  private static Compare compare(String key) {
    return compare(key, "");
  }

  private static Compare compare(String key, String rangeEnd) {
    return new Compare(
        bytes(key), bytes(rangeEnd), Compare.Relation.EQUAL, new Compare.Operand.Version(0));
  }

  @Test
  void anEntryWithoutIdentityIsRefused() {
    assertThat(world.error("", put("b", 0))).isEqualTo(KvError.USER_EMPTY);
    assertThat(world.error("", delete("b", "", false))).isEqualTo(KvError.USER_EMPTY);
    assertThat(world.error("", new Command.LeaseGrant(5, 60))).isEqualTo(KvError.USER_EMPTY);
    assertThat(world.error("", new Command.AuthDisable())).isEqualTo(KvError.USER_EMPTY);
    assertThat(world.error("gone", put("b", 0))).isEqualTo(DENIED);
    assertThat(world.store.revision()).isEqualTo(2);
    assertThat(world.store.auth().enabled()).isTrue();
  }

  @Test
  void putsAndDeletesNeedWritingAndPreviousVersionsNeedReading() {
    assertThat(world.error("bob", put("b1", 0))).isNull();
    assertThat(world.error("bob", putPrev("b1"))).isNull();
    assertThat(world.error("bob", put("w1", 0))).isNull();
    assertThat(world.error("bob", putPrev("w1"))).isEqualTo(DENIED);
    assertThat(world.error("bob", put("r1", 0))).isEqualTo(DENIED);
    assertThat(world.error("bob", delete("b", "c", true))).isNull();
    assertThat(world.error("bob", delete("w", "x", false))).isNull();
    assertThat(world.error("bob", delete("w", "x", true))).isEqualTo(DENIED);
    assertThat(world.error("bob", delete("b", "cc", false))).isEqualTo(DENIED);
    assertThat(world.error("root", delete("a", "\0", true))).isNull();
  }

  /** Each of these is refused in either branch, at each depth, and nothing of it is done. */
  @Test
  void noPartOfATransactionEscapes() {
    world.done(new Command.LeaseGrant(7, 60));
    world.done(put("secret", 7));
    List<Op> forbidden =
        List.of(
            Range.of(bytes("secret")),
            Range.of(bytes("w1")),
            put("secret", 0),
            put("r1", 0),
            putPrev("w1"),
            put("b1", 7),
            delete("secret", "", false),
            delete("w1", "", true),
            txn(List.of(compare("secret")), List.of(), List.of()),
            txn(List.of(compare("b", "cc")), List.of(), List.of()),
            Range.of(bytes("b"), bytes("cc")));
    long revision = world.store.revision();
    for (Op op : forbidden) {
      Op nested = op;
      for (int depth = 1; depth <= 5; depth++) {
        Op good = put("b" + depth, 0);
        for (Command.Txn txn :
            List.of(
                txn(List.of(compare("b0")), List.of(nested), List.of(good)),
                txn(List.of(compare("b0")), List.of(good), List.of(nested)))) {
          assertThat(world.error("bob", txn)).as("%s", txn).isEqualTo(DENIED);
        }
        nested =
            depth % 2 == 0
                ? txn(List.of(), List.of(nested), List.of())
                : txn(List.of(), List.of(), List.of(nested));
      }
    }
    assertThat(world.error("bob", txn(List.of(compare("r1"), compare("w1")), List.of(), List.of())))
        .isEqualTo(DENIED);
    assertThat(world.store.revision()).isEqualTo(revision);
    Op fine = txn(List.of(compare("r1")), List.of(put("b1", 0)), List.of(put("w1", 0)));
    assertThat(world.error("bob", txn(List.of(compare("b1")), List.of(fine), List.of()))).isNull();
  }

  @Test
  void aLeaseWithForeignKeysIsForeign() {
    assertThat(world.error("bob", new Command.LeaseGrant(7, 60))).isNull();
    assertThat(world.error("bob", put("b1", 7))).isNull();
    assertThat(world.error("root", put("secret", 7))).isNull();
    assertThat(world.error("bob", put("b2", 7))).isEqualTo(DENIED);
    assertThat(world.error("bob", new Command.LeaseRevoke(7))).isEqualTo(DENIED);
    assertThat(world.error("root", put("secret", 0))).isNull();
    assertThat(world.error("bob", put("b2", 7))).isNull();
    assertThat(world.error("bob", new Command.LeaseRevoke(7))).isNull();
    assertThat(world.error("bob", put("b2", 7))).isEqualTo(KvError.LEASE_NOT_FOUND);
  }

  /** One batch is stored at its end; what it attaches counts before. */
  @Test
  void whatTheSameBatchAttachesAndRemovesCounts() {
    world.done(new Command.LeaseGrant(7, 60));
    Caller bob = world.caller("bob");
    Caller root = world.caller("root");
    List<Result> results =
        world.apply(
            List.of(
                world.entry(bob, WriteId.NONE, put("b1", 7)),
                world.entry(root, WriteId.NONE, put("secret", 7)),
                world.entry(bob, WriteId.NONE, put("b2", 7)),
                world.entry(root, WriteId.NONE, delete("secret", "", false)),
                world.entry(bob, WriteId.NONE, put("b3", 7)),
                world.entry(root, WriteId.NONE, put("other", 7)),
                world.entry(root, WriteId.NONE, put("other", 0)),
                world.entry(bob, WriteId.NONE, new Command.LeaseRevoke(7))));
    List<KvError> errors = new ArrayList<>();
    results.forEach(result -> errors.add(WithUsers.error(result)));
    assertThat(errors).containsExactly(null, null, DENIED, null, null, null, null, null);
  }

  /** The row that says so is stored until the batch ends. */
  @Test
  void aKeyThatTheSameBatchTakesFromALeaseIsNotAttached() {
    world.done(new Command.LeaseGrant(7, 60));
    world.done(put("secret", 7));
    assertThat(world.error("bob", put("b1", 7))).isEqualTo(DENIED);
    Caller root = world.caller("root");
    List<Result> results =
        world.apply(
            List.of(
                world.entry(root, WriteId.NONE, put("secret", 0)),
                world.entry(world.caller("bob"), WriteId.NONE, put("b1", 7))));
    assertThat(WithUsers.error(results.getLast())).isNull();
  }

  /**
   * A large deletion leaves rows of its keys until they are swept: the keys are gone all the same.
   */
  @Test
  void aKeyThatALargeDeletionHidesIsNotAttached() {
    WithUsers small = new WithUsers(StoreLimits.DEFAULT.withDeletionKeys(2));
    prepare(small);
    small.done(new Command.LeaseGrant(7, 60));
    for (int i = 0; i < 5; i++) {
      small.done(put("foreign" + i, 7));
    }
    assertThat(small.error("bob", put("b1", 7))).isEqualTo(DENIED);
    assertThat(reads(small)).isEqualTo(DENIED);
    assertThat(small.run("root", delete("f", "g", false))).isInstanceOf(Result.UnderWay.class);
    assertThat(small.error("bob", put("b1", 7))).isNull();
    assertThat(reads(small)).isNull();
    small.done(put("foreign3", 7));
    assertThat(small.error("bob", put("b1", 7))).isEqualTo(DENIED);
    assertThat(reads(small)).isEqualTo(DENIED);
  }

  private static @Nullable KvError reads(WithUsers small) {
    try (Engine.View view = small.engine.view()) {
      return Judge.leaseRead(small.store.auth(), small.caller("bob"), 7, Store.attached(view));
    }
  }

  @Test
  void anAlarmRefusesFirstAndCompactionAsksFirst() {
    world.done(new Command.SetAlarm(new Alarm(1, Alarm.Kind.NOSPACE), true));
    assertThat(world.error("", put("b", 0))).isEqualTo(KvError.NO_SPACE);
    assertThat(world.error("", new Command.LeaseGrant(1, 1))).isEqualTo(KvError.NO_SPACE);
    assertThat(world.error("bob", delete("secret", "", false))).isEqualTo(DENIED);
    world.done(new Command.SetAlarm(new Alarm(1, Alarm.Kind.CORRUPT), true));
    assertThat(world.error("bob", delete("secret", "", false))).isEqualTo(KvError.CORRUPT);
    assertThat(world.error("bob", new Command.Compact(2, false))).isEqualTo(DENIED);
    assertThat(world.error("root", new Command.Compact(2, false))).isEqualTo(KvError.CORRUPT);
    assertThat(world.error("root", new Command.RoleAdd("x"))).isNull();
    Command.SetAlarm clear = new Command.SetAlarm(new Alarm(1, Alarm.Kind.CORRUPT), false);
    assertThat(world.error("bob", clear)).isEqualTo(DENIED);
    assertThat(world.error("root", clear)).isNull();
  }

  /** The permission is the one in force when the entry is applied, in the order of the log. */
  @Test
  void aChangeCountsForTheNextEntryOfTheSameBatch() {
    Caller bob = world.caller("bob");
    List<EntryToApply> entries =
        List.of(
            world.entry(bob, WriteId.NONE, put("b1", 0)),
            world.entry(Caller.SERVER, WriteId.NONE, new Command.UserRevokeRole("bob", "bob")),
            world.entry(bob, WriteId.NONE, put("b1", 0)),
            world.entry(Caller.SERVER, WriteId.NONE, new Command.UserGrantRole("bob", "bob")),
            world.entry(bob, WriteId.NONE, put("b1", 0)),
            world.entry(
                Caller.SERVER, WriteId.NONE, new Command.UserChangePassword("bob", "other")),
            world.entry(bob, WriteId.NONE, put("b1", 0)));
    List<KvError> errors = new ArrayList<>();
    world.apply(entries).forEach(result -> errors.add(WithUsers.error(result)));
    assertThat(errors)
        .containsExactly(null, null, DENIED, null, null, null, KvError.AUTH_OLD_REVISION);
  }
}
