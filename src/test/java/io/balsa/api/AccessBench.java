package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.access.Access;
import io.balsa.login.SimpleToken;
import io.balsa.login.TokenScheme;
import io.balsa.model.Command;
import io.balsa.proto.authpb.Permission;
import io.balsa.proto.etcdserverpb.AuthEnableRequest;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.v3electionpb.CampaignRequest;
import io.balsa.proto.v3electionpb.ElectionGrpc;
import io.balsa.proto.v3electionpb.LeaderKey;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server with users in force, a caller for each identity, and what requests need. */
final class AccessBench implements AutoCloseable {
  static final String INNER = "m1";
  static final String OUTER = "z1";

  final OneServer one;
  final ManagedChannel channel;
  private final Map<AccessWho, String> tokens = new EnumMap<>(AccessWho.class);
  private long lease;
  private int names;

  AccessBench() throws InterruptedException {
    one = OneServer.start(Access.Settings.of(new TokenScheme.Simple(Duration.ofMinutes(5)), 4));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", one.port()).usePlaintext().build();
    AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(channel);
    for (AccessWho who : AccessWho.values()) {
      if (who.hasUser()) {
        addUser(auth, who.user());
      }
    }
    addUser(auth, "victim");
    addRole(auth, AccessWho.READER, Permission.Type.READ);
    addRole(auth, AccessWho.WRITER, Permission.Type.WRITE);
    addRole(auth, AccessWho.BOTH, Permission.Type.READWRITE);
    grant(auth, "root", "root");
    auth.authEnable(AuthEnableRequest.getDefaultInstance());
    for (AccessWho who : AccessWho.values()) {
      if (who.hasUser()) {
        tokens.put(who, login(auth, who.user()));
      }
    }
    tokens.put(AccessWho.BAD_TOKEN, "abcdefghijklmnopqrstuvwx.1");
    tokens.put(AccessWho.EXPIRED_TOKEN, ended(login(auth, "root")));
  }

  private static void addUser(AuthGrpc.AuthBlockingStub auth, String name) {
    auth.userAdd(AuthUserAddRequest.newBuilder().setName(name).setPassword(name).build());
  }

  private static void addRole(AuthGrpc.AuthBlockingStub auth, AccessWho who, Permission.Type type) {
    auth.roleAdd(AuthRoleAddRequest.newBuilder().setName(who.user()).build());
    Permission permission =
        Permission.newBuilder().setPermType(type).setKey(utf8("m")).setRangeEnd(utf8("n")).build();
    auth.roleGrantPermission(
        AuthRoleGrantPermissionRequest.newBuilder()
            .setName(who.user())
            .setPerm(permission)
            .build());
    grant(auth, who.user(), who.user());
  }

  private static void grant(AuthGrpc.AuthBlockingStub auth, String user, String role) {
    auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role).build());
  }

  private static String login(AuthGrpc.AuthBlockingStub auth, String name) {
    return auth.authenticate(
            AuthenticateRequest.newBuilder().setName(name).setPassword(name).build())
        .getToken();
  }

  /** Ends a token as the leader does when it was unused for its lifetime. */
  private String ended(String token) throws InterruptedException {
    SimpleToken parsed = SimpleToken.parse(token);
    assertThat(parsed).isNotNull();
    CountDownLatch done = new CountDownLatch(1);
    one.node.proposeOwn(
        new Command.TokenDrop(java.util.List.of(parsed.digest())), _ -> done.countDown());
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    return token;
  }

  static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }

  /** The token of an identity; empty for none. */
  String token(AccessWho who) {
    return tokens.getOrDefault(who, "");
  }

  private Metadata metadata(AccessWho who) {
    Metadata metadata = new Metadata();
    if (!token(who).isEmpty()) {
      metadata.put(Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER), token(who));
    }
    return metadata;
  }

  <S extends AbstractStub<S>> S asRoot(S stub) {
    return stub.withInterceptors(
        MetadataUtils.newAttachHeadersInterceptor(metadata(AccessWho.ROOT)));
  }

  void put(String key, long attached) {
    var _ =
        asRoot(KVGrpc.newBlockingStub(channel))
            .put(PutRequest.newBuilder().setKey(utf8(key)).setLease(attached).build());
  }

  /** A name that no other call uses. */
  String unique(String prefix) {
    return prefix + "/" + ++names;
  }

  /** The one lease of the server, with one attached key; an empty key for none. */
  long leaseOf(String key) {
    LeaseGrpc.LeaseBlockingStub leases = asRoot(LeaseGrpc.newBlockingStub(channel));
    if (lease != 0) {
      revoke(lease);
    }
    lease = leases.leaseGrant(LeaseGrantRequest.newBuilder().setTTL(600).build()).getID();
    if (!key.isEmpty()) {
      put(key, lease);
    }
    return lease;
  }

  /** Another identity's call may have ended it. */
  private void revoke(long id) {
    try {
      var _ =
          asRoot(LeaseGrpc.newBlockingStub(channel))
              .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build());
    } catch (io.grpc.StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }
  }

  /** Lets root win a new election. */
  LeaderKey election(String prefix) {
    CampaignRequest campaign =
        CampaignRequest.newBuilder().setName(utf8(unique(prefix))).setLease(leaseOf("")).build();
    return asRoot(ElectionGrpc.newBlockingStub(channel)).campaign(campaign).getLeader();
  }

  /** The first answer of a call: {@link AccessNeed#OK}, or the code and the text of its refusal. */
  <Q> String answer(AccessRow<Q> row, AccessWho who) throws Exception {
    Q request = row.request().apply(this, who);
    CompletableFuture<String> answer = new CompletableFuture<>();
    ClientCall<Q, ?> call = channel.newCall(row.method(), CallOptions.DEFAULT);
    begin(call, metadata(who), answer);
    call.sendMessage(request);
    if (row.method().getType() != MethodType.BIDI_STREAMING) {
      call.halfClose();
    }
    try {
      return answer.get(20, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("no answer to " + row + " of " + who, e);
    } finally {
      call.cancel("enough", null);
    }
  }

  private static <A> void begin(
      ClientCall<?, A> call, Metadata metadata, CompletableFuture<String> answer) {
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(A message) {
            answer.complete(verdict(message));
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            answer.complete(status.getCode() + " " + status.getDescription());
          }
        },
        metadata);
    call.request(2);
  }

  /** A watch is refused by a message that names etcd's code in Go's spelling. */
  private static String verdict(Object message) {
    if (!(message instanceof WatchResponse watch) || !watch.getCanceled()) {
      return AccessNeed.OK;
    }
    String reason = watch.getCancelReason();
    for (Status.Code code : Status.Code.values()) {
      String prefix = "rpc error: code = " + spelled(code) + " desc = ";
      if (reason.startsWith(prefix)) {
        return code + " " + reason.substring(prefix.length());
      }
    }
    return reason;
  }

  private static String spelled(Status.Code code) {
    StringBuilder name = new StringBuilder();
    for (String word : code.name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
    }
    return name.toString();
  }

  @Override
  public void close() {
    var _ = channel.shutdownNow();
    one.close();
  }
}
