package io.balsa.api;

import static io.balsa.api.AtOneServer.refused;
import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import io.balsa.access.Access;
import io.balsa.audit.AuditFiles;
import io.balsa.audit.AuditLevel;
import io.balsa.audit.AuditLog;
import io.balsa.audit.AuditRecord;
import io.balsa.login.TokenScheme;
import io.balsa.proto.etcdserverpb.AuthEnableRequest;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AuditTrailTest {
  @TempDir private Path folder;

  @Test
  void theTrailSaysWhoChangedWhatAndWhoWasDenied() throws Exception {
    Path file = folder.resolve("audit.log");
    try (OneServer one = OneServer.start(settings(file, AuditLevel.WRITES))) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", one.port()).usePlaintext().build();
      try {
        use(channel);
        useByJson(one.port());
      } finally {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      }
    }
    assertThat(lines(file))
        .containsExactly(
            " none Auth/UserAdd user=root OK",
            " none Auth/UserAdd user=bob OK",
            " none Auth/UserGrantRole user=root role=root OK",
            " none Auth/AuthEnable  OK",
            " none Auth/Authenticate user=root OK",
            " none Auth/Authenticate user=bob INVALID_ARGUMENT",
            " none Auth/Authenticate user=bob OK",
            "root token KV/Put k OK 2",
            "root token KV/Txn t OK 3",
            "bob token KV/Put k PERMISSION_DENIED",
            " none KV/Put k INVALID_ARGUMENT",
            " token KV/Range r UNAUTHENTICATED",
            "bob token Watch/Watch w PERMISSION_DENIED",
            " none KV/Put j INVALID_ARGUMENT");
    String all = Files.readString(file);
    assertThat(all).doesNotContain("root-pw").doesNotContain("bob-pw").doesNotContain("secret");
  }

  /** A denial by a compare or of a renewal must say what the caller tried to reach. */
  @Test
  void aDenialSaysWhatWasProbed() throws Exception {
    Path file = folder.resolve("audit.log");
    try (OneServer one = OneServer.start(settings(file, AuditLevel.DENIALS))) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", one.port()).usePlaintext().build();
      try {
        use(channel);
        probe(channel);
      } finally {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      }
    }
    assertThat(lines(file))
        .endsWith(
            "bob token KV/Txn s PERMISSION_DENIED",
            "bob token KV/Txn s PERMISSION_DENIED",
            "bob token Lease/LeaseKeepAlive lease=77 PERMISSION_DENIED");
  }

  private static void probe(ManagedChannel channel) throws Exception {
    AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(channel);
    String root = login(auth, "root", "root-pw");
    String bob = login(auth, "bob", "bob-pw");
    Compare compare =
        Compare.newBuilder()
            .setKey(ByteString.copyFromUtf8("s"))
            .setTarget(Compare.CompareTarget.VALUE)
            .setValue(ByteString.copyFromUtf8("secret"))
            .build();
    TxnRequest probe = TxnRequest.newBuilder().addCompare(compare).build();
    String denied = "etcdserver: permission denied";
    refused(() -> kv(channel, bob).txn(probe), Code.PERMISSION_DENIED, denied);
    TxnRequest nested =
        TxnRequest.newBuilder().addFailure(RequestOp.newBuilder().setRequestTxn(probe)).build();
    refused(() -> kv(channel, bob).txn(nested), Code.PERMISSION_DENIED, denied);
    with(LeaseGrpc.newBlockingStub(channel), root)
        .leaseGrant(LeaseGrantRequest.newBuilder().setID(0x77).setTTL(60).build());
    kv(channel, root).put(put("k").toBuilder().setLease(0x77).build());
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    with(LeaseGrpc.newStub(channel), bob)
        .leaseKeepAlive(new AtServerWithUsers.Told<LeaseKeepAliveResponse>(told))
        .onNext(LeaseKeepAliveRequest.newBuilder().setID(0x77).build());
    assertThat(told.poll(20, TimeUnit.SECONDS))
        .hasToString("io.grpc.StatusRuntimeException: PERMISSION_DENIED: " + denied);
  }

  /** Without the bound, the flood would delete the files with the records of the writes. */
  @Test
  void aFloodWithoutAUserLeavesTheRecordsOfWrites() throws Exception {
    Path file = folder.resolve("audit.log");
    try (OneServer one = OneServer.start(settings(file, AuditLevel.WRITES))) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", one.port()).usePlaintext().build();
      try {
        use(channel);
        AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(channel);
        for (int i = 0; i < 300; i++) {
          var _ = catchThrowable(() -> kv(channel, "").put(put("k")));
          var _ = catchThrowable(() -> kv(channel, "x.1").put(put("k")));
          var _ = catchThrowable(() -> login(auth, "bob", "secret"));
        }
      } finally {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      }
    }
    List<String> lines = lines(file);
    assertThat(lines).hasSizeLessThan(120);
    assertThat(lines).contains("root token KV/Put k OK 2", "root token KV/Txn t OK 3");
    assertThat(lines).anyMatch(line -> line.contains("LEFT_OUT"));
  }

  private static Access.Settings settings(Path file, AuditLevel level) {
    return new Access.Settings(
        new TokenScheme.Simple(TokenScheme.DEFAULT_TTL),
        4,
        new AuditLog.Settings(file, level, 1, 0));
  }

  private static void use(ManagedChannel channel) {
    AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(channel);
    auth.userAdd(AuthUserAddRequest.newBuilder().setName("root").setPassword("root-pw").build());
    auth.userAdd(AuthUserAddRequest.newBuilder().setName("bob").setPassword("bob-pw").build());
    auth.userGrantRole(
        AuthUserGrantRoleRequest.newBuilder().setUser("root").setRole("root").build());
    auth.authEnable(AuthEnableRequest.getDefaultInstance());
    String root = login(auth, "root", "root-pw");
    refused(
        () -> login(auth, "bob", "secret"),
        Code.INVALID_ARGUMENT,
        "etcdserver: authentication failed, invalid user ID or password");
    String bob = login(auth, "bob", "bob-pw");
    kv(channel, root).put(put("k"));
    kv(channel, root)
        .txn(
            TxnRequest.newBuilder()
                .addSuccess(RequestOp.newBuilder().setRequestPut(put("t")))
                .build());
    kv(channel, root).range(range("k"));
    String denied = "etcdserver: permission denied";
    refused(() -> kv(channel, bob).put(put("k")), Code.PERMISSION_DENIED, denied);
    String nobody = "etcdserver: user name is empty";
    refused(() -> kv(channel, "").put(put("k")), Code.INVALID_ARGUMENT, nobody);
    String none = "etcdserver: invalid auth token";
    refused(() -> kv(channel, "x.1").range(range("r")), Code.UNAUTHENTICATED, none);
    watchInVain(channel, bob);
  }

  /** Waits for the answer about the watch, because a stream's end is not awaited. */
  private static void watchInVain(ManagedChannel channel, String token) {
    BlockingQueue<WatchResponse> told = new LinkedBlockingQueue<>();
    StreamObserver<WatchRequest> watch =
        with(WatchGrpc.newStub(channel), token)
            .watch(
                new StreamObserver<>() {
                  @Override
                  public void onNext(WatchResponse answer) {
                    told.add(answer);
                  }

                  @Override
                  public void onError(Throwable failure) {}

                  @Override
                  public void onCompleted() {}
                });
    watch.onNext(
        WatchRequest.newBuilder()
            .setCreateRequest(WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8("w")))
            .build());
    until(() -> "no answer", () -> !told.isEmpty());
    watch.onCompleted();
  }

  private static void useByJson(int port) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var _ =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v3/kv/put"))
                  .POST(HttpRequest.BodyPublishers.ofString("{\"key\":\"ag==\"}"))
                  .build(),
              HttpResponse.BodyHandlers.discarding());
    }
  }

  private static String login(AuthGrpc.AuthBlockingStub auth, String user, String password) {
    return auth.authenticate(
            AuthenticateRequest.newBuilder().setName(user).setPassword(password).build())
        .getToken();
  }

  private static KVGrpc.KVBlockingStub kv(ManagedChannel channel, String token) {
    return with(KVGrpc.newBlockingStub(channel), token);
  }

  private static <S extends AbstractStub<S>> S with(S stub, String token) {
    Metadata metadata = new Metadata();
    if (!token.isEmpty()) {
      metadata.put(Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER), token);
    }
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  private static PutRequest put(String key) {
    return PutRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setValue(ByteString.copyFromUtf8("secret"))
        .build();
  }

  private static RangeRequest range(String key) {
    return RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  private static List<String> lines(Path file) throws Exception {
    List<String> lines = new ArrayList<>();
    for (Path each : AuditFiles.of(file)) {
      int others = AuditFiles.read(each, record -> lines.add(text(record)));
      assertThat(others).isZero();
    }
    return lines;
  }

  private static String text(AuditRecord record) {
    String keys = record.keys().isEmpty() ? "" : record.keys().getFirst().key().utf8();
    String revision = record.revision() < 2 ? "" : " " + record.revision();
    assertThat(record.source()).isEqualTo("127.0.0.1");
    return "%s %s %s %s%s %s%s"
        .formatted(
            record.user(),
            record.identity(),
            record.method(),
            keys,
            record.subject(),
            record.result(),
            revision);
  }
}
