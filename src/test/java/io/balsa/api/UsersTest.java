package io.balsa.api;

import static io.balsa.api.AtOneServer.refused;
import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.access.Access;
import io.balsa.login.TokenScheme;
import io.balsa.proto.authpb.Permission;
import io.balsa.proto.etcdserverpb.AuthDisableRequest;
import io.balsa.proto.etcdserverpb.AuthEnableRequest;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGetRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.balsa.proto.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.balsa.proto.etcdserverpb.AuthStatusRequest;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordRequest;
import io.balsa.proto.etcdserverpb.AuthUserGetRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthUserListRequest;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.LeaseLeasesRequest;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Users, roles and tokens over gRPC; the rules of permissions have their tests in {@code kv}. */
@Timeout(60)
class UsersTest {
  private static final Duration TTL = Duration.ofSeconds(2);
  private static final String DENIED = "etcdserver: permission denied";

  private OneServer one;
  private ManagedChannel channel;
  private String root = "";
  private String alice = "";

  /** alice may read and write keys that begin with a; root may do all. */
  @BeforeEach
  void start() {
    one = OneServer.start(Access.Settings.of(new TokenScheme.Simple(TTL), 4));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", one.port()).usePlaintext().build();
    addUser("root");
    addUser("alice");
    auth("").roleAdd(AuthRoleAddRequest.newBuilder().setName("a").build());
    auth("").roleGrantPermission(grant("a", "b", Permission.Type.READWRITE));
    auth("")
        .userGrantRole(AuthUserGrantRoleRequest.newBuilder().setUser("alice").setRole("a").build());
    auth("")
        .userGrantRole(
            AuthUserGrantRoleRequest.newBuilder().setUser("root").setRole("root").build());
    auth("").authEnable(AuthEnableRequest.getDefaultInstance());
    root = login("root");
    alice = login("alice");
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    one.close();
  }

  private void addUser(String name) {
    auth("")
        .userAdd(AuthUserAddRequest.newBuilder().setName(name).setPassword(name + "-pw").build());
  }

  private static AuthRoleGrantPermissionRequest grant(
      String key, String end, Permission.Type type) {
    return AuthRoleGrantPermissionRequest.newBuilder()
        .setName("a")
        .setPerm(
            Permission.newBuilder()
                .setPermType(type)
                .setKey(ByteString.copyFromUtf8(key))
                .setRangeEnd(ByteString.copyFromUtf8(end)))
        .build();
  }

  private String login(String name) {
    return auth("")
        .authenticate(
            AuthenticateRequest.newBuilder().setName(name).setPassword(name + "-pw").build())
        .getToken();
  }

  private static <S extends AbstractStub<S>> S with(S stub, String header, String token) {
    Metadata metadata = new Metadata();
    if (!token.isEmpty()) {
      metadata.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), token);
    }
    return stub.withDeadlineAfter(20, TimeUnit.SECONDS)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  private AuthGrpc.AuthBlockingStub auth(String token) {
    return with(AuthGrpc.newBlockingStub(channel), "token", token);
  }

  private KVGrpc.KVBlockingStub kv(String token) {
    return with(KVGrpc.newBlockingStub(channel), "token", token);
  }

  private LeaseGrpc.LeaseBlockingStub lease(String token) {
    return with(LeaseGrpc.newBlockingStub(channel), "token", token);
  }

  private static PutRequest put(String key) {
    return PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  private static RangeRequest range(String key) {
    return RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  @Test
  void aTokenOpensTheKeysOfItsUser() {
    kv(alice).put(put("a1"));
    assertThat(kv(alice).range(range("a1")).getCount()).isEqualTo(1);
    refused(() -> kv(alice).put(put("b1")), Code.PERMISSION_DENIED, DENIED);
    refused(() -> kv(alice).range(range("b1")), Code.PERMISSION_DENIED, DENIED);
    kv(root).put(put("b1"));
    String noName = "etcdserver: user name is empty";
    refused(() -> kv("").put(put("a1")), Code.INVALID_ARGUMENT, noName);
    refused(() -> kv("").range(range("a1")), Code.INVALID_ARGUMENT, noName);
    String noToken = "etcdserver: invalid auth token";
    refused(() -> kv("abc.1").put(put("a1")), Code.UNAUTHENTICATED, noToken);
    refused(() -> kv("x").range(range("a1")), Code.UNAUTHENTICATED, noToken);
  }

  @Test
  void bothHeadersAndTheWordBearerAreTaken() {
    for (String header : new String[] {"token", "authorization"}) {
      for (String value : new String[] {alice, "Bearer " + alice}) {
        with(KVGrpc.newBlockingStub(channel), header, value).put(put("a1"));
      }
    }
  }

  @Test
  void aTokenOfALaterIndexIsWaitedFor() throws Exception {
    String letters = alice.substring(0, alice.indexOf('.') + 1);
    String later = letters + (one.node.appliedIndex() + 3);
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    with(KVGrpc.newStub(channel), "token", later).range(range("a1"), new Told<>(told));
    assertThat(told.poll(50, TimeUnit.MILLISECONDS)).isNull();
    for (int i = 0; i < 3; i++) {
      kv(root).put(put("k"));
    }
    assertThat(told.poll(10, TimeUnit.SECONDS)).isNotNull().isNotInstanceOf(Throwable.class);
  }

  @Test
  void aUserSeesItselfAndRootSeesAll() {
    AuthUserGetRequest self = AuthUserGetRequest.newBuilder().setName("alice").build();
    assertThat(auth(alice).userGet(self).getRolesList()).containsExactly("a");
    AuthRoleGetRequest own = AuthRoleGetRequest.newBuilder().setRole("a").build();
    assertThat(auth(alice).roleGet(own).getPermCount()).isEqualTo(1);
    AuthUserGetRequest other = AuthUserGetRequest.newBuilder().setName("root").build();
    refused(() -> auth(alice).userGet(other), Code.PERMISSION_DENIED, DENIED);
    AuthUserListRequest all = AuthUserListRequest.getDefaultInstance();
    refused(() -> auth(alice).userList(all), Code.PERMISSION_DENIED, DENIED);
    assertThat(auth(root).userList(all).getUsersList()).containsExactly("alice", "root");
    AuthRoleGetRequest rootRole = AuthRoleGetRequest.newBuilder().setRole("root").build();
    refused(() -> auth(alice).roleGet(rootRole), Code.PERMISSION_DENIED, DENIED);
    assertThat(auth("").authStatus(AuthStatusRequest.getDefaultInstance()).getEnabled()).isTrue();
  }

  @Test
  void aWrongPasswordAndAnUnknownUserGetTheSameAnswer() {
    String failed = "etcdserver: authentication failed, invalid user ID or password";
    for (String name : new String[] {"alice", "nobody"}) {
      AuthenticateRequest wrong =
          AuthenticateRequest.newBuilder().setName(name).setPassword("wrong").build();
      refused(() -> auth("").authenticate(wrong), Code.INVALID_ARGUMENT, failed);
    }
  }

  @Test
  void sec19ATokenEndsWithItsPassword() {
    auth(root)
        .userChangePassword(
            AuthUserChangePasswordRequest.newBuilder()
                .setName("alice")
                .setPassword("alice-pw")
                .build());
    refused(() -> kv(alice).put(put("a1")), Code.UNAUTHENTICATED, "etcdserver: invalid auth token");
    kv(login("alice")).put(put("a1"));
  }

  @Test
  void anUnusedTokenEndsAndAUsedOneLives() throws Exception {
    assertThat(one.node.tokens().all()).hasSize(2);
    until(
        () -> {
          kv(alice).put(put("a1"));
          return one.node.tokens().all().size() == 1;
        });
    refused(() -> kv(root).put(put("a1")), Code.UNAUTHENTICATED, "etcdserver: invalid auth token");
    kv(alice).put(put("a1"));
  }

  @Test
  void leasesNeedTheRightsToTheirKeys() throws Exception {
    long id = lease(alice).leaseGrant(LeaseGrantRequest.newBuilder().setTTL(60).build()).getID();
    kv(root).put(put("b1").toBuilder().setLease(id).build());
    refused(
        () -> kv(alice).put(put("a1").toBuilder().setLease(id).build()),
        Code.PERMISSION_DENIED,
        DENIED);
    LeaseTimeToLiveRequest time = LeaseTimeToLiveRequest.newBuilder().setID(id).build();
    assertThat(lease(alice).leaseTimeToLive(time).getGrantedTTL()).isEqualTo(60);
    LeaseTimeToLiveRequest keys = time.toBuilder().setKeys(true).build();
    refused(() -> lease(alice).leaseTimeToLive(keys), Code.PERMISSION_DENIED, DENIED);
    LeaseLeasesRequest all = LeaseLeasesRequest.getDefaultInstance();
    refused(() -> lease(alice).leaseLeases(all), Code.PERMISSION_DENIED, DENIED);
    assertThat(lease(root).leaseLeases(all).getLeasesCount()).isEqualTo(1);
    assertThat(renewed(alice, id))
        .hasToString("io.grpc.StatusRuntimeException: PERMISSION_DENIED: " + DENIED);
    assertThat(renewed(root, id)).isInstanceOf(LeaseKeepAliveResponse.class);
    kv(root)
        .deleteRange(DeleteRangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("b1")).build());
    assertThat(renewed(alice, id)).isInstanceOf(LeaseKeepAliveResponse.class);
  }

  private Object renewed(String token, long id) throws InterruptedException {
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    var stream = with(LeaseGrpc.newStub(channel), "token", token).leaseKeepAlive(new Told<>(told));
    stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
    Object answer = told.poll(10, TimeUnit.SECONDS);
    assertThat(answer).isNotNull();
    return answer;
  }

  @Test
  void sec19AWatchEndsWithItsPermission() throws Exception {
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    StreamObserver<WatchRequest> watch =
        with(WatchGrpc.newStub(channel), "token", alice).watch(new Told<>(told));
    watch.onNext(watching("b"));
    WatchResponse refused = response(told);
    assertThat(refused.getCreated() && refused.getCanceled()).isTrue();
    assertThat(refused.getWatchId()).isEqualTo(-1);
    assertThat(refused.getCancelReason())
        .isEqualTo("rpc error: code = PermissionDenied desc = " + DENIED);
    watch.onNext(watching("a"));
    assertThat(response(told).getCreated()).isTrue();
    kv(root).put(put("a"));
    assertThat(response(told).getEventsCount()).isEqualTo(1);
    auth(root)
        .roleRevokePermission(
            AuthRoleRevokePermissionRequest.newBuilder()
                .setRole("a")
                .setKey(ByteString.copyFromUtf8("a"))
                .setRangeEnd(ByteString.copyFromUtf8("b"))
                .build());
    kv(root).put(put("a"));
    WatchResponse ended = response(told);
    assertThat(ended.getCanceled()).isTrue();
    assertThat(ended.getCancelReason()).endsWith(DENIED);
    assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void aWatchIsToldThatItsTokenIsNone() throws Exception {
    for (String token : new String[] {"", "x.1"}) {
      BlockingQueue<Object> told = new LinkedBlockingQueue<>();
      with(WatchGrpc.newStub(channel), "token", token)
          .watch(new Told<>(told))
          .onNext(watching("a"));
      assertThat(response(told).getCancelReason())
          .isEqualTo(
              token.isEmpty()
                  ? "rpc error: code = InvalidArgument desc = etcdserver: user name is empty"
                  : "rpc error: code = Unauthenticated desc = etcdserver: invalid auth token");
    }
  }

  private static WatchRequest watching(String key) {
    return WatchRequest.newBuilder()
        .setCreateRequest(WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)))
        .build();
  }

  private static WatchResponse response(BlockingQueue<Object> told) throws InterruptedException {
    Object answer = told.poll(10, TimeUnit.SECONDS);
    assertThat(answer).isInstanceOf(WatchResponse.class);
    return (WatchResponse) answer;
  }

  @Test
  void withoutUsersInForceEverybodyMayDoAll() {
    auth(root).authDisable(AuthDisableRequest.getDefaultInstance());
    kv("").put(put("z"));
    kv("x").put(put("z"));
    StatusRequest status = StatusRequest.getDefaultInstance();
    assertThat(with(MaintenanceGrpc.newBlockingStub(channel), "token", "").status(status))
        .isNotNull();
    refused(
        () -> login("alice"),
        Code.FAILED_PRECONDITION,
        "etcdserver: authentication is not enabled");
  }

  /** Collects what a call is told. */
  private record Told<A>(BlockingQueue<Object> told) implements StreamObserver<A> {
    @Override
    public void onNext(A answer) {
      told.add(answer);
    }

    @Override
    public void onError(Throwable failure) {
      told.add(failure);
    }

    @Override
    public void onCompleted() {}
  }
}
