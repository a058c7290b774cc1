package io.balsa.kv;

import static io.balsa.kv.WithUsers.bytes;
import static io.balsa.kv.WithUsers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.auth.AuthLimits;
import io.balsa.auth.AuthState;
import io.balsa.auth.Tokens.Token;
import io.balsa.bytes.Bytes;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.KvError;
import io.balsa.model.Permission.Kind;
import io.balsa.model.Result;
import io.balsa.model.WriteId;
import io.balsa.rows.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Users, roles and tokens are rows of the store, and a part of the rolling hash. */
class StoredUsersTest {
  private final WithUsers world = new WithUsers();

  private static Bytes digest(int number) {
    return bytes("digest " + number);
  }

  private void addUsers() {
    world.user("bob");
    world.permit("bob", Kind.READWRITE, "b", "\0");
    world.done(new Command.UserAdd("cert", "", true));
    world.enable();
  }

  private Command.TokenAdd tokenOf(String user, int number) {
    long revision = Objects.requireNonNull(world.store.auth().user(user)).credentialsRevision();
    return new Command.TokenAdd(user, digest(number), revision);
  }

  private static List<Object> parts(AuthState state) {
    return List.of(state.enabled(), state.revision(), state.users(), state.roles());
  }

  @Test
  void theyAreThereAfterAStart() {
    addUsers();
    world.done(tokenOf("bob", 1));
    List<Object> before = parts(world.store.auth());
    world.reopen();
    assertThat(parts(world.store.auth())).isEqualTo(before);
    assertThat(world.store.tokens().get(digest(1))).isNotNull();
    world.done(new Command.UserDelete("bob"));
    world.done(new Command.RoleDelete("bob"));
    world.reopen();
    assertThat(world.store.auth().users()).hasSize(2);
    assertThat(world.store.auth().roles()).isEmpty();
    assertThat(world.store.tokens().size()).isZero();
  }

  @Test
  void aBackupKeepsUsersAndDropsTokens() {
    addUsers();
    world.done(tokenOf("bob", 1));
    List<Object> before = parts(world.store.auth());
    Store.beginCluster(world.engine, List.of(), Bytes.EMPTY);
    world.reopen();
    assertThat(parts(world.store.auth())).isEqualTo(before);
    assertThat(world.store.tokens().size()).isZero();
    try (Engine.View view = world.engine.view()) {
      assertThat(AuthRows.tokens(view)).isEmpty();
    }
  }

  /** So that a version that does not judge refuses a store with users. */
  @Test
  void theFormatSaysWhetherThereAreUsers() {
    world.done(put("a", 0));
    assertThat(format()).isEqualTo((byte) 3);
    world.done(new Command.RoleAdd("r"));
    assertThat(format()).isEqualTo((byte) 4);
    Store.beginCluster(world.engine, List.of(), Bytes.EMPTY);
    assertThat(format()).isEqualTo((byte) 4);
    Batch batch = new Batch();
    batch.put(Layout.meta("state"), Bytes.of(5));
    world.engine.write(batch);
    assertThatThrownBy(world::reopen).isInstanceOf(UnknownFormat.class);
  }

  private byte format() {
    return Objects.requireNonNull(world.engine.get(Layout.meta("state"))).at(0);
  }

  @Test
  void tokensGoWithTheCredentialsTheyWereGivenFor() {
    addUsers();
    world.done(tokenOf("bob", 1));
    world.done(tokenOf("root", 2));
    world.done(new Command.UserGrantRole("bob", "root"));
    assertThat(world.store.tokens().size()).as("a role is no credential").isEqualTo(2);
    Command.TokenAdd old = tokenOf("bob", 3);
    world.done(new Command.UserChangePassword("bob", "other"));
    assertThat(world.store.tokens().get(digest(1))).isNull();
    assertThat(error(old)).isEqualTo(KvError.AUTH_OLD_REVISION);
    world.done(tokenOf("bob", 3));
    world.done(new Command.UserDelete("bob"));
    assertThat(world.store.tokens().all()).extracting(Token::user).containsExactly("root");
    assertThat(error(new Command.TokenAdd("bob", digest(4), 2))).isEqualTo(KvError.AUTH_FAILED);
    world.done(new Command.TokenDrop(List.of(digest(2), digest(9))));
    assertThat(world.store.tokens().size()).isZero();
    world.done(tokenOf("root", 5));
    world.done(new Command.AuthDisable());
    assertThat(world.store.tokens().size()).isZero();
    assertThat(error(tokenOf("root", 6))).isEqualTo(KvError.AUTH_NOT_ENABLED);
  }

  private @Nullable KvError error(Command command) {
    return WithUsers.error(world.run(Caller.SERVER, WriteId.NONE, command));
  }

  /** A model of the bounds: by user and in all, the one goes whose last use is oldest. */
  @Test
  void theOldestTokenGoes() {
    AuthLimits limits = new AuthLimits(9, 9, 9, 9, 9, 9, 3, 5);
    Map<Bytes, @Nullable Bytes> rows = new TreeMap<>();
    DraftTokens tokens = new DraftTokens(List.of(), limits, rows::put);
    List<Token> model = new ArrayList<>();
    Random random = new Random(8);
    for (long index = 1; index < 3_000; index++) {
      Bytes digest = digest(random.nextInt(12));
      int at = index(model, digest);
      switch (random.nextInt(5)) {
        case 0 -> {
          tokens.used(digest, index);
          if (at >= 0) {
            model.add(model.remove(at).usedAt(index));
          }
        }
        case 1 -> {
          tokens.drop(digest);
          model.removeIf(token -> token.digest().equals(digest));
        }
        default -> {
          Token token = new Token(digest, "user" + random.nextInt(3), 1, index);
          tokens.add(token);
          model.removeIf(each -> each.digest().equals(digest));
          model.add(token);
          List<Token> users = model.stream().filter(t -> t.user().equals(token.user())).toList();
          if (users.size() > limits.tokensOfUser()) {
            model.remove(users.getFirst());
          }
          if (model.size() > limits.tokens()) {
            model.removeFirst();
          }
        }
      }
      assertThat(tokens.now().all()).containsExactlyInAnyOrderElementsOf(model);
    }
    rows.values().removeIf(Objects::isNull);
    assertThat(rows).hasSameSizeAs(model);
  }

  private static int index(List<Token> model, Bytes digest) {
    for (int i = 0; i < model.size(); i++) {
      if (model.get(i).digest().equals(digest)) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void replicasAgreeHoweverTheLogIsCut() {
    addUsers();
    world.done(tokenOf("bob", 1));
    world.run("bob", put("b", 0));
    world.run("bob", put("a", 0));
    world.done(new Command.TokenUsed(digest(1)));
    world.done(new Command.UserChangePassword("bob", "other"));
    Store whole = Store.open(new MemoryEngines(new MemoryMedium()).open("whole"), List.of());
    List<Result> results = whole.apply(world.log);
    assertThat(whole.hash()).isEqualTo(world.store.hash());
    assertThat(results).hasSameSizeAs(world.log);
    assertThat(parts(whole.auth())).isEqualTo(parts(world.store.auth()));
  }

  /** The answers are equal here, so only what is stored can differ. */
  @Test
  void theHashTellsUsersApart() {
    List<Command> commands =
        List.of(
            new Command.UserAdd("a", "h", false),
            new Command.UserAdd("a", "i", false),
            new Command.UserAdd("b", "h", false),
            new Command.UserAdd("a", "h", true),
            new Command.RoleAdd("a"),
            new Command.RoleAdd("b"));
    List<Long> hashes = new ArrayList<>();
    for (Command command : commands) {
      WithUsers other = new WithUsers();
      other.done(command);
      hashes.add(other.store.hash());
    }
    assertThat(hashes).doesNotHaveDuplicates();
  }

  /** Else a reader could see new data by old permissions. */
  @Test
  void permissionsAreThereBeforeTheDataOfTheirBatch() {
    List<Boolean> seen = new ArrayList<>();
    CountedEngine watched = new CountedEngine(new MemoryEngines(new MemoryMedium()).open("store"));
    Store store = Store.open(watched, List.of());
    watched.beforeWrite(() -> seen.add(store.auth().role("r") != null));
    EntryToApply entry = world.entry(Caller.SERVER, WriteId.NONE, new Command.RoleAdd("r"));
    store.apply(List.of(entry));
    assertThat(seen).containsExactly(true);
  }
}
