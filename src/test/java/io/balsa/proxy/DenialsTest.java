package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.balsa.bytes.Bytes;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.client.ScriptedCluster;
import io.balsa.client.ScriptedServer;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.routing.RequestKind;
import io.balsa.routing.RetryRule;
import io.balsa.rpc.BytesMarshaller;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What servers refuse because of the user, and servers that refuse a proxy without a user. */
@Timeout(60)
class DenialsTest {
  private static final Status NO_USER =
      Status.INVALID_ARGUMENT.withDescription("etcdserver: user name is empty");

  @Test
  void aDenialReachesTheClientUnchangedAndIsAskedForOnce() throws Exception {
    try (ProxiedCluster proxied = new ProxiedCluster()) {
      proxied.cluster().servers().forEach(each -> each.behave(ScriptedServer.Behaviour.DENIES));
      for (CompletableFuture<? extends MessageLite> call :
          List.of(proxied.read('1'), proxied.read('2'), proxied.put())) {
        RequestFailed failed = ProxiedCluster.failure(call);
        assertThat(failed.status().getCode()).isEqualTo(Code.PERMISSION_DENIED);
        assertThat(failed.status().getDescription()).isEqualTo("etcdserver: permission denied");
      }
      assertThat(proxied.arrivals("range k1")).isEqualTo(1);
      assertThat(proxied.arrivals("range k2")).isEqualTo(1);
      assertThat(proxied.arrivals("put w")).isEqualTo(1);
    }
  }

  @Test
  void everyRefusalOfAUserIsAnAnswer() {
    for (Status refusal :
        List.of(
            NO_USER,
            Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"),
            Status.UNAUTHENTICATED.withDescription("etcdserver: invalid auth token"),
            Status.INVALID_ARGUMENT.withDescription("etcdserver: revision of auth store is old"))) {
      assertThat(ProxyErrors.failure(refusal, true)).isEqualTo(RetryRule.Failure.ANSWERED);
      assertThat(ProxyErrors.toClient(refusal)).isSameAs(refusal);
      for (boolean served : new boolean[] {true, false}) {
        try (EtcdClient client = EtcdClient.open(List.of(ProxiedCluster.ANY_PORT))) {
          Resumption.Next next =
              new Resumption().after(client.endpoints().getFirst(), refusal, true, served);
          assertThat(next).isEqualTo(Resumption.Next.TELL);
        }
      }
    }
  }

  @Test
  void aLoginGoesToTheLeader() {
    AuthenticateRequest login = AuthenticateRequest.newBuilder().setName("alice").build();
    RequestKind kind =
        RequestParser.of(
            BytesMarshaller.raw(AuthGrpc.getAuthenticateMethod()), Bytes.wrap(login.toByteArray()));
    assertThat(kind).isInstanceOf(RequestKind.LeaderOnly.class);
  }

  /** As etcd's servers are with users in force: they do not even say who leads. */
  @Test
  void serversThatTellNothingGetRequestsAnyway() throws Exception {
    try (ScriptedCluster cluster = ScriptedCluster.of(1, 2, 3)) {
      cluster.servers().forEach(each -> each.refuseToTell(NO_USER));
      Proxy proxy = Proxy.start(ProxyConfig.of(cluster.addresses(), ProxiedCluster.ANY_PORT));
      try (EtcdClient client = EtcdClient.open(List.of(ProxiedCluster.addressOf(proxy)))) {
        PutRequest put = PutRequest.newBuilder().setKey(ProxiedCluster.key('1')).build();
        RangeRequest range = RangeRequest.newBuilder().setKey(ProxiedCluster.key('1')).build();
        // sent before the proxy has a connection, so it is held
        client.call(KVGrpc.getPutMethod(), put, ProxiedCluster.LONG).get();
        client.call(KVGrpc.getRangeMethod(), range, ProxiedCluster.LONG).get();
        assertThat(proxy.serves()).isTrue();
        ManagedChannel channel = channel(proxy);
        UserOfProxy.Watch watch = new UserOfProxy(channel, "").watch("k");
        assertThat(watch.next().getCreated()).isTrue();
        channel.shutdownNow();

        cluster.servers().forEach(each -> each.refuseToTell(null));
        until(() -> proxy.cluster().leads());
        assertThat(proxy.cluster().view().leader()).isEqualTo(1);
      } finally {
        proxy.stop();
      }
    }
  }

  private static ManagedChannel channel(Proxy proxy) {
    return NettyChannelBuilder.forAddress("127.0.0.1", ProxiedCluster.addressOf(proxy).port())
        .usePlaintext()
        .build();
  }
}
