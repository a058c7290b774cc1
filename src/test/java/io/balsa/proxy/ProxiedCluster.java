package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.client.ScriptedCluster;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Three scripted servers, a proxy before them, and a client of the proxy. Server 1 leads at first.
 */
final class ProxiedCluster implements AutoCloseable {
  static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);
  static final Duration LONG = Duration.ofSeconds(20);

  private final ScriptedCluster cluster;
  private final Proxy proxy;
  private final EtcdClient client;

  ProxiedCluster() throws Exception {
    cluster = ScriptedCluster.of(1, 2, 3);
    proxy = Proxy.start(ProxyConfig.of(cluster.addresses(), ANY_PORT));
    client = EtcdClient.open(List.of(addressOf(proxy)));
    until(() -> proxy.serves() && proxy.cluster().nearest().size() == 3);
  }

  ScriptedCluster cluster() {
    return cluster;
  }

  Proxy proxy() {
    return proxy;
  }

  EtcdClient client() {
    return client;
  }

  HostPort address() {
    return addressOf(proxy);
  }

  static HostPort addressOf(Proxy proxy) {
    return new HostPort("127.0.0.1", proxy.addresses().getFirst().getPort());
  }

  /** A key whose last byte chooses this follower. */
  static ByteString key(int last) {
    return ByteString.copyFrom(new byte[] {'k', (byte) last});
  }

  CompletableFuture<PutResponse> put() {
    PutRequest put = PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("w")).build();
    return client.call(KVGrpc.getPutMethod(), put, LONG);
  }

  /** The member that took a put. */
  long putAt() throws Exception {
    return put().get().getHeader().getMemberId();
  }

  CompletableFuture<RangeResponse> read(int last) {
    RangeRequest range = RangeRequest.newBuilder().setKey(key(last)).build();
    return client.call(KVGrpc.getRangeMethod(), range, LONG);
  }

  /** The member that answered a read. */
  long readAt(int last) throws Exception {
    return read(last).get().getHeader().getMemberId();
  }

  /** How often a request arrived at all servers together. */
  int arrivals(String request) {
    return cluster.servers().stream()
        .mapToInt(each -> (int) each.arrivals().stream().filter(request::equals).count())
        .sum();
  }

  /** How a call fails. */
  static RequestFailed failure(CompletableFuture<?> call) {
    Throwable thrown = catchThrowable(() -> call.get(30, TimeUnit.SECONDS));
    assertThat(thrown.getCause()).isInstanceOf(RequestFailed.class);
    return (RequestFailed) thrown.getCause();
  }

  @Override
  public void close() {
    client.close();
    proxy.stop();
    cluster.close();
  }
}
