package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static io.balsa.proxy.UserOfProxy.putting;
import static io.balsa.proxy.UserOfProxy.reading;
import static io.balsa.proxy.UserOfProxy.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.ListenableFuture;
import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.Credentials;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.house.SharesCores;
import io.balsa.proto.authpb.Permission;
import io.balsa.proto.etcdserverpb.AuthDisableRequest;
import io.balsa.proto.etcdserverpb.AuthEnableRequest;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.balsa.proto.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Users of different rights behind one proxy, before three real servers. alice may read and write
 * what begins with a, bob what begins with b.
 */
@SharesCores
@Timeout(60)
class UsersBehindProxyTest {
  private static final String DENIED = "PERMISSION_DENIED: etcdserver: permission denied";

  private static RealServers servers;
  private static Proxy proxy;
  private static final List<ManagedChannel> CHANNELS = new ArrayList<>();
  private UserOfProxy root;
  private UserOfProxy alice;
  private UserOfProxy bob;

  @BeforeAll
  static void open() throws Exception {
    servers = new RealServers();
    proxy = Proxy.start(ProxyConfig.of(servers.addresses(), ProxiedCluster.ANY_PORT));
    until(() -> proxy.serves() && proxy.cluster().nearest().size() == 3);
    for (int i = 0; i < 4; i++) {
      HostPort address = ProxiedCluster.addressOf(proxy);
      CHANNELS.add(
          NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build());
    }
    UserOfProxy anybody = new UserOfProxy(CHANNELS.getFirst(), "");
    for (String role : List.of("a", "b")) {
      anybody.auth().roleAdd(AuthRoleAddRequest.newBuilder().setName(role).build());
      grant(anybody, role);
    }
    add(anybody, "root", "root");
    add(anybody, "alice", "a");
    add(anybody, "bob", "b");
    anybody.auth().authEnable(AuthEnableRequest.getDefaultInstance());
  }

  private static void grant(UserOfProxy by, String role) {
    Permission permission =
        Permission.newBuilder()
            .setPermType(Permission.Type.READWRITE)
            .setKey(text(role))
            .setRangeEnd(text(role.equals("a") ? "b" : "c"))
            .build();
    by.auth()
        .roleGrantPermission(
            AuthRoleGrantPermissionRequest.newBuilder().setName(role).setPerm(permission).build());
  }

  private static void add(UserOfProxy by, String user, String role) {
    by.auth()
        .userAdd(AuthUserAddRequest.newBuilder().setName(user).setPassword(user + "-pw").build());
    by.auth()
        .userGrantRole(AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role).build());
  }

  @AfterAll
  static void close() throws Exception {
    CHANNELS.forEach(ManagedChannel::shutdownNow);
    proxy.stop();
    servers.close();
  }

  @BeforeEach
  void login() {
    root = UserOfProxy.login(CHANNELS.getFirst(), "root");
    alice = UserOfProxy.login(CHANNELS.getFirst(), "alice");
    bob = UserOfProxy.login(CHANNELS.getFirst(), "bob");
  }

  /** What one user may do does not depend on the other users of the proxy. */
  @Test
  void tokensOfUsersAreNeverMixed() throws Exception {
    List<ListenableFuture<?>> allowed = new ArrayList<>();
    List<ListenableFuture<?>> denied = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      ManagedChannel channel = i < 200 ? CHANNELS.getFirst() : CHANNELS.get(i % CHANNELS.size());
      UserOfProxy user = (i % 2 == 0 ? alice : bob).on(channel);
      String own = (i % 2 == 0 ? "a" : "b") + i;
      String other = (i % 2 == 0 ? "b" : "a") + i;
      allowed.add(user.kvLater().put(putting(own)));
      denied.add(user.kvLater().put(putting(other)));
      allowed.add(user.kvLater().range(reading(own)));
      denied.add(user.kvLater().range(reading(other)));
    }
    for (ListenableFuture<?> call : allowed) {
      assertThat(call.get(30, TimeUnit.SECONDS)).isNotNull();
    }
    for (ListenableFuture<?> call : denied) {
      assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .hasMessage(DENIED);
    }
  }

  /** A stream that one user has left at a server is not used for another user. */
  @Test
  void aWatchStreamIsNotHandedToAnotherUser() throws Exception {
    for (int i = 0; i < 10; i++) {
      UserOfProxy.Watch watch = alice.watch("a");
      assertThat(watch.next().getCanceled()).isFalse();
      watch.stream().onError(new IllegalStateException("the client leaves"));
      UserOfProxy.Watch others = bob.watch("a");
      assertThat(others.next().getCancelReason())
          .isEqualTo("rpc error: code = PermissionDenied desc = etcdserver: permission denied");
      others.stream().onError(new IllegalStateException("the client leaves"));
      UserOfProxy.Watch nobodys = new UserOfProxy(CHANNELS.getFirst(), "").watch("a");
      assertThat(nobodys.next().getCancelReason())
          .isEqualTo("rpc error: code = InvalidArgument desc = etcdserver: user name is empty");
      nobodys.stream().onError(new IllegalStateException("the client leaves"));
    }
  }

  @Test
  void aTokenIsGoodAtEveryServerAtOnce() {
    for (int i = 0; i < 20; i++) {
      UserOfProxy fresh = UserOfProxy.login(CHANNELS.getFirst(), "alice");
      // the last byte of the key chooses the follower
      assertThat(fresh.kv().range(reading("a0")).hasHeader()).isTrue();
      assertThat(fresh.kv().range(reading("a1")).hasHeader()).isTrue();
      fresh.kv().put(putting("a0"));
    }
  }

  @Test
  void aWatchEndsWithItsPermissionAndIsNotResumed() throws Exception {
    UserOfProxy.Watch watch = alice.watch("a");
    assertThat(watch.next().getCreated()).isTrue();
    root.kv().put(putting("a"));
    assertThat(watch.next().getEventsCount()).isEqualTo(1);
    root.auth()
        .roleRevokePermission(
            AuthRoleRevokePermissionRequest.newBuilder()
                .setRole("a")
                .setKey(text("a"))
                .setRangeEnd(text("b"))
                .build());
    try {
      root.kv().put(putting("a"));
      WatchResponse ended = watch.next();
      assertThat(ended.getCanceled()).isTrue();
      assertThat(ended.getEventsCount()).isZero();
      assertThat(ended.getCancelReason())
          .isEqualTo("rpc error: code = PermissionDenied desc = etcdserver: permission denied");
    } finally {
      grant(root, "a");
    }
    root.kv().put(putting("a"));
    assertThat(watch.told().poll(300, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void aKeepAliveIsDeniedAsByAServer() throws Exception {
    long id = alice.lease().leaseGrant(LeaseGrantRequest.newBuilder().setTTL(60).build()).getID();
    assertThat(renewed(alice, id)).isInstanceOf(LeaseKeepAliveResponse.class);
    root.kv().put(putting("b1").toBuilder().setLease(id).build());
    assertThat(renewed(alice, id)).hasToString("io.grpc.StatusRuntimeException: " + DENIED);
    assertThat(renewed(bob, id)).isInstanceOf(LeaseKeepAliveResponse.class);
    assertThat(renewed(new UserOfProxy(CHANNELS.getFirst(), "x.1"), id))
        .hasToString(
            "io.grpc.StatusRuntimeException: UNAUTHENTICATED: etcdserver: invalid auth token");
  }

  private static Object renewed(UserOfProxy user, long id) throws InterruptedException {
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    var stream = user.leaseStream().leaseKeepAlive(new UserOfProxy.Told<>(told));
    stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
    Object answer = told.poll(20, TimeUnit.SECONDS);
    assertThat(answer).isNotNull();
    return answer;
  }

  @Test
  void aProxyNeedsNoUserToFindTheLeader() throws Exception {
    Proxy late = Proxy.start(ProxyConfig.of(servers.addresses(), ProxiedCluster.ANY_PORT));
    HostPort address = ProxiedCluster.addressOf(late);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
    try {
      until(() -> late.serves() && late.cluster().nearest().size() == 3);
      assertThat(late.cluster().view().leader()).isEqualTo(servers.untilOneLeads());
      alice.on(channel).kv().put(putting("a"));
      assertThat(UserOfProxy.login(channel, "bob").kv().put(putting("b")).hasHeader()).isTrue();
    } finally {
      channel.shutdownNow();
      late.stop();
    }
  }

  @Test
  void tokensPassTheJsonGatewayOfTheProxy() throws Exception {
    assertThat(json("kv/put", "{\"key\":\"" + base64("a1") + "\"}", alice.token()))
        .startsWith("200 ");
    assertThat(json("kv/put", "{\"key\":\"" + base64("b1") + "\"}", alice.token()))
        .startsWith("403 ")
        .contains("etcdserver: permission denied");
    assertThat(json("kv/range", "{\"key\":\"" + base64("a1") + "\"}", "Bearer " + bob.token()))
        .startsWith("403 ");
    assertThat(json("kv/range", "{\"key\":\"" + base64("a1") + "\"}", ""))
        .startsWith("400 ")
        .contains("etcdserver: user name is empty");
    assertThat(json("auth/authenticate", "{\"name\":\"bob\",\"password\":\"bob-pw\"}", ""))
        .startsWith("200 ")
        .contains("\"token\":");
  }

  private static String base64(String key) {
    return Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static String json(String path, String body, String token) throws Exception {
    URI uri = URI.create(ProxiedCluster.addressOf(proxy).url() + "/v3/" + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", token);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    }
  }

  /** The client has a password, so it logs in when it is asked to. No call fails. */
  @Test
  void usersComeIntoForceUnderARunningProxy() throws Exception {
    root.auth().authDisable(AuthDisableRequest.getDefaultInstance());
    AtomicInteger puts = new AtomicInteger();
    CompletableFuture<Void> ended = new CompletableFuture<>();
    ClientSettings asAlice =
        ClientSettings.DEFAULT.as(new Credentials.Password("alice", "alice-pw"));
    try (EtcdCalls calls =
        new EtcdCalls(
            EtcdClient.open(List.of(ProxiedCluster.addressOf(proxy)), asAlice),
            ProxiedCluster.LONG)) {
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(
              () -> {
                while (!ended.isDone()) {
                  calls.put(putting("a" + puts.incrementAndGet() % 10)).join();
                }
              },
              Thread::startVirtualThread);
      untilMore(puts, writer);
      new UserOfProxy(CHANNELS.getFirst(), "")
          .auth()
          .authEnable(AuthEnableRequest.getDefaultInstance());
      untilMore(puts, writer);
      untilMore(puts, writer);
      assertThat(proxy.serves()).isTrue();
      assertThat(proxy.cluster().silent()).isEmpty();
      assertThat(proxy.cluster().unfit()).isEmpty();
      untilMore(puts, writer);
      ended.complete(null);
      writer.get(20, TimeUnit.SECONDS);
    }
  }

  private static void untilMore(AtomicInteger puts, CompletableFuture<Void> writer)
      throws Exception {
    int before = puts.get();
    until(() -> puts.get() > before + 150 || writer.isDone());
    assertThat(writer).isNotCompletedExceptionally();
  }

  /** Each user has a counter, which a write that is done twice would spoil. */
  @Test
  void usersKeepTheirRightsWhenALeaderEnds() throws Exception {
    UserOfProxy.Watch watch = alice.watch("a");
    assertThat(watch.next().getCreated()).isTrue();
    UserOfProxy bobElsewhere = bob.on(CHANNELS.get(1));
    long leader = servers.untilOneLeads();
    for (int i = 0; i < 60; i++) {
      if (i == 20) {
        servers.stop(leader);
      }
      assertThat(alice.kv().put(putting("a")).hasHeader()).isTrue();
      assertThatThrownBy(() -> bobElsewhere.kv().put(putting("a")))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessage(DENIED);
      assertThat(bobElsewhere.kv().put(putting("b")).hasHeader()).isTrue();
    }
    servers.start(leader);
    int events = 0;
    while (events < 60) {
      WatchResponse response = watch.next();
      assertThat(response.getCanceled()).isFalse();
      events += response.getEventsCount();
    }
    assertThat(events).isEqualTo(60);
    until(() -> proxy.serves() && proxy.cluster().silent().isEmpty());
  }
}
