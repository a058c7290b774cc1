package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.access.Access;
import io.balsa.access.CallerSession;
import io.balsa.audit.AuditLog;
import io.balsa.login.TokenScheme;
import io.balsa.proto.balsapb.LookRequest;
import io.balsa.proto.balsapb.LookResponse;
import io.balsa.proto.balsapb.ProbeGrpc;
import io.balsa.proto.etcdserverpb.AuthEnableRequest;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.balsa.proto.mvccpb.KeyValue;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Who a caller with a certificate is (SEC-12): every connection of this test has one with the name
 * {@code alice}.
 */
@Timeout(30)
class CommonNamesTest {
  private static final Access.Settings SETTINGS =
      Access.Settings.of(new TokenScheme.Simple(TokenScheme.DEFAULT_TTL), 4);

  private OneServer one;
  private ManagedChannel direct;
  private Access access;
  private Server named;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    one = OneServer.start(SETTINGS);
    direct = NettyChannelBuilder.forAddress("127.0.0.1", one.port()).usePlaintext().build();
    AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(direct);
    for (String name : new String[] {"root", "alice", "bob"}) {
      auth.userAdd(AuthUserAddRequest.newBuilder().setName(name).setPassword("pw").build());
    }
    auth.userGrantRole(
        AuthUserGrantRoleRequest.newBuilder().setUser("root").setRole("root").build());
    auth.authEnable(AuthEnableRequest.getDefaultInstance());
    access = Access.open(one.node, SETTINGS, _ -> "alice", AuditLog.open(AuditLog.Settings.OFF));
    named =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(ServerInterceptors.intercept(new WhoCalls(), access.gate()))
            .addService(ServerInterceptors.intercept(new Statuses(), access.gate()))
            .build()
            .start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", named.getPort()).usePlaintext().build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow();
    direct.shutdownNow();
    named.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    access.close();
    one.close();
  }

  /** Answers with the user of the call. */
  private static final class WhoCalls extends KVGrpc.KVImplBase {
    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> observer) {
      String user = CallerSession.current().caller().user();
      Reply.send(
          observer,
          RangeResponse.newBuilder()
              .addKvs(KeyValue.newBuilder().setKey(ByteString.copyFromUtf8(user)))
              .build());
    }
  }

  private static final class Statuses extends MaintenanceGrpc.MaintenanceImplBase {
    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
      Reply.send(observer, StatusResponse.getDefaultInstance());
    }
  }

  private static Metadata metadata(String... namesAndValues) {
    Metadata metadata = new Metadata();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      metadata.put(
          Metadata.Key.of(namesAndValues[i], Metadata.ASCII_STRING_MARSHALLER),
          namesAndValues[i + 1]);
    }
    return metadata;
  }

  private String user(Metadata metadata) {
    return KVGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
        .range(RangeRequest.getDefaultInstance())
        .getKvs(0)
        .getKey()
        .toStringUtf8();
  }

  @Test
  void aCertificateNamesItsOwnerAndATokenGoesBeforeIt() {
    assertThat(user(metadata())).isEqualTo("alice");
    assertThat(user(metadata("token", token()))).isEqualTo("bob");
  }

  private String token() {
    return AuthGrpc.newBlockingStub(direct)
        .authenticate(AuthenticateRequest.newBuilder().setName("bob").setPassword("pw").build())
        .getToken();
  }

  @Test
  void sec12TheCertificateOfAProxyMakesNobodyAUser() {
    String token = token();
    for (String hops : new String[] {"1", "0", "2", "", "x"}) {
      assertThatThrownBy(() -> user(metadata("balsa-proxy-hops", hops)))
          .hasMessage("INVALID_ARGUMENT: etcdserver: user name is empty");
      assertThat(user(metadata("balsa-proxy-hops", hops, "token", token))).isEqualTo("bob");
      MaintenanceGrpc.MaintenanceBlockingStub behindProxy =
          MaintenanceGrpc.newBlockingStub(channel)
              .withInterceptors(
                  MetadataUtils.newAttachHeadersInterceptor(metadata("balsa-proxy-hops", hops)));
      assertThatThrownBy(() -> behindProxy.status(StatusRequest.getDefaultInstance()))
          .hasMessage("INVALID_ARGUMENT: etcdserver: user name is empty");
    }
    assertThat(MaintenanceGrpc.newBlockingStub(channel).status(StatusRequest.getDefaultInstance()))
        .isNotNull();
  }

  /** A proxy finds the leader by it, without a user. */
  @Test
  void everybodyMayLookWhoLeads() {
    LookResponse look = ProbeGrpc.newBlockingStub(direct).look(LookRequest.getDefaultInstance());
    assertThat(look.getClusterId()).isEqualTo(OneServer.CLUSTER);
    assertThat(look.getMemberId()).isEqualTo(OneServer.ID);
    assertThat(look.getLeader()).isEqualTo(OneServer.ID);
    assertThat(look.getRaftTerm()).isEqualTo(one.node.term());
    assertThat(look.getAppliedIndex()).isPositive();
    assertThat(look.getCommittedIndex()).isGreaterThanOrEqualTo(look.getAppliedIndex());
    assertThat(look.getIsLearner()).isFalse();
    assertThat(look.getCanServe()).isTrue();
  }
}
