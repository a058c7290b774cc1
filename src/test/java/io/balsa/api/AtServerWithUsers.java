package io.balsa.api;

import com.google.protobuf.ByteString;
import io.balsa.access.Access;
import io.balsa.login.TokenScheme;
import io.balsa.proto.authpb.Permission;
import io.balsa.proto.etcdserverpb.AuthEnableRequest;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A server with users: alice may read and write keys that begin with a, root may do all. */
@Timeout(60)
abstract class AtServerWithUsers {
  static final Duration TTL = Duration.ofSeconds(2);
  static final String DENIED = "etcdserver: permission denied";

  OneServer one;
  ManagedChannel channel;
  String root = "";
  String alice = "";

  /** How callers become users. */
  Access.Settings settings() {
    return Access.Settings.of(new TokenScheme.Simple(TTL), 4);
  }

  /** alice may read and write keys that begin with a; root may do all. */
  @BeforeEach
  void start() {
    one = OneServer.start(settings());
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

  void addUser(String name) {
    addUser(name, "");
  }

  void addUser(String name, String token) {
    auth(token)
        .userAdd(AuthUserAddRequest.newBuilder().setName(name).setPassword(name + "-pw").build());
  }

  static AuthRoleGrantPermissionRequest grant(String key, String end, Permission.Type type) {
    return AuthRoleGrantPermissionRequest.newBuilder()
        .setName("a")
        .setPerm(
            Permission.newBuilder()
                .setPermType(type)
                .setKey(ByteString.copyFromUtf8(key))
                .setRangeEnd(ByteString.copyFromUtf8(end)))
        .build();
  }

  String login(String name) {
    return auth("")
        .authenticate(
            AuthenticateRequest.newBuilder().setName(name).setPassword(name + "-pw").build())
        .getToken();
  }

  static <S extends AbstractStub<S>> S with(S stub, String header, String token) {
    Metadata metadata = new Metadata();
    if (!token.isEmpty()) {
      metadata.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), token);
    }
    return stub.withDeadlineAfter(20, TimeUnit.SECONDS)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  AuthGrpc.AuthBlockingStub auth(String token) {
    return with(AuthGrpc.newBlockingStub(channel), "token", token);
  }

  KVGrpc.KVBlockingStub kv(String token) {
    return with(KVGrpc.newBlockingStub(channel), "token", token);
  }

  LeaseGrpc.LeaseBlockingStub lease(String token) {
    return with(LeaseGrpc.newBlockingStub(channel), "token", token);
  }

  static PutRequest put(String key) {
    return PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  static RangeRequest range(String key) {
    return RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  /** Collects what a call is told. */
  record Told<A>(BlockingQueue<Object> told) implements StreamObserver<A> {
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
