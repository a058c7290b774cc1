package io.balsa.api;

import static io.balsa.host.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.access.Access;
import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.Credentials;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.house.SharesCores;
import io.balsa.login.TokenScheme;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** etcd's Java client, and Balsa's own, at a server with signed tokens. */
@SharesCores
@Timeout(60)
class JetcdUsersTest {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LOAD = Duration.ofSeconds(4);
  private static final long PATIENCE_SECONDS = 20;

  @TempDir private Path folder;
  private @Nullable OneServer one;
  private @Nullable Client admin;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger done = new AtomicInteger();
  private final List<Exception> failures = new CopyOnWriteArrayList<>();

  /** A call that may be refused. */
  @FunctionalInterface
  private interface Work {
    void run() throws ExecutionException, TimeoutException, InterruptedException, RequestFailed;
  }

  private void start(Duration ttl) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "a secret of 32 bytes and some more");
    TokenScheme tokens = new TokenScheme.Jwt("HS256", null, secret, ttl);
    one = OneServer.start(Access.Settings.of(tokens, 4));
    try (Client anybody = Client.builder().endpoints(url()).build()) {
      Auth auth = anybody.getAuthClient();
      for (String user : List.of("root", "alice")) {
        done(auth.userAdd(text(user), text(user + "-pw")));
        done(auth.roleAdd(text(user)));
        done(auth.userGrantRole(text(user), text(user)));
      }
      done(
          auth.roleGrantPermission(text("alice"), text("a"), text("b"), Permission.Type.READWRITE));
      done(auth.authEnable());
    }
    admin = client("root");
  }

  @AfterEach
  void stop() {
    if (admin != null) {
      admin.close();
    }
    if (one != null) {
      one.close();
    }
  }

  private int port() {
    return Objects.requireNonNull(one, "a test starts its server").port();
  }

  private String url() {
    return "http://127.0.0.1:" + port();
  }

  private Client client(String user) {
    return Client.builder().endpoints(url()).user(text(user)).password(text(user + "-pw")).build();
  }

  private static ByteSequence text(String text) {
    return ByteSequence.from(text, UTF_8);
  }

  private static <A> A done(Future<A> call)
      throws ExecutionException, TimeoutException, InterruptedException {
    return call.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void usersAndRolesAreKeptWithJetcd() throws Exception {
    start(TokenScheme.DEFAULT_TTL);
    Auth auth = Objects.requireNonNull(admin).getAuthClient();
    assertThat(done(auth.userList()).getUsers()).containsExactly("alice", "root");
    assertThat(done(auth.roleList()).getRoles()).containsExactly("alice", "root");
    assertThat(done(auth.userGet(text("alice"))).getRoles()).containsExactly("alice");
    Permission only = done(auth.roleGet(text("alice"))).getPermissions().getFirst();
    assertThat(only.getKey()).isEqualTo(text("a"));
    assertThat(only.getRangeEnd()).isEqualTo(text("b"));
    assertThat(only.getPermType()).isEqualTo(Permission.Type.READWRITE);

    try (Client alice = client("alice")) {
      done(alice.getKVClient().put(text("a1"), text("v")));
      assertThat(done(alice.getKVClient().get(text("a1"))).getCount()).isEqualTo(1);
      assertThatThrownBy(() -> done(alice.getKVClient().put(text("b"), text("v"))))
          .hasMessageContaining("etcdserver: permission denied");
      assertThatThrownBy(() -> done(alice.getAuthClient().userDelete(text("root"))))
          .hasMessageContaining("etcdserver: permission denied");
      done(auth.roleRevokePermission(text("alice"), text("a"), text("b")));
      assertThatThrownBy(() -> done(alice.getKVClient().get(text("a1"))))
          .hasMessageContaining("etcdserver: permission denied");
      done(auth.userChangePassword(text("alice"), text("another")));
      done(auth.userRevokeRole(text("alice"), text("alice")));
      done(auth.roleDelete(text("alice")));
      done(auth.userDelete(text("alice")));
    }
    done(auth.authDisable());
    try (Client anybody = Client.builder().endpoints(url()).build()) {
      assertThat(done(anybody.getKVClient().get(text("a1"))).getCount()).isEqualTo(1);
    }
  }

  private void repeat(Work work) {
    try {
      while (!over.get()) {
        work.run();
        done.incrementAndGet();
      }
    } catch (ExecutionException
        | TimeoutException
        | InterruptedException
        | RequestFailed
        | RuntimeException e) { // thread root: the test fails with it
      failures.add(e);
    }
  }

  /** Each client sees several tokens end, and no call of it fails. */
  @Test
  void tokensEndUnderLoadAndAreRenewed() throws Exception {
    start(SHORT);
    PutRequest put = PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("a2")).build();
    EtcdClient own =
        EtcdClient.open(
            List.of(new HostPort("127.0.0.1", port())),
            ClientSettings.DEFAULT.as(new Credentials.Password("alice", "alice-pw")));
    List<Thread> threads = new ArrayList<>();
    try (Client alice = client("alice");
        EtcdCalls calls = new EtcdCalls(own, Duration.ofSeconds(PATIENCE_SECONDS))) {
      List<Work> works =
          List.of(
              () -> done(alice.getKVClient().put(text("a1"), text("v"))),
              () -> done(alice.getKVClient().get(text("a1"))),
              () -> EtcdCalls.await(calls.put(put)),
              () -> EtcdCalls.await(calls.put(put)));
      works.forEach(work -> threads.add(Thread.ofVirtual().start(() -> repeat(work))));
      long end = System.nanoTime() + LOAD.toNanos();
      until(() -> System.nanoTime() > end || !failures.isEmpty());
      over.set(true);
      for (Thread each : threads) {
        each.join();
      }
    }
    assertThat(failures).isEmpty();
    assertThat(done.get()).isGreaterThan(100);
  }
}
