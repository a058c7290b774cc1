package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.client.ScriptedCluster;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchProgressRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams whose clients have left do not pile up at the servers. */
@Timeout(60)
class IdleUpstreamsTest {
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

  private static final WatchRequest CREATE =
      WatchRequest.newBuilder().setCreateRequest(WatchCreateRequest.getDefaultInstance()).build();

  private static final WatchRequest PROGRESS =
      WatchRequest.newBuilder()
          .setProgressRequest(WatchProgressRequest.getDefaultInstance())
          .build();

  private ScriptedCluster cluster;
  private Proxy proxy;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws Exception {
    cluster = ScriptedCluster.of(1);
    proxy = Proxy.start(ProxyConfig.of(cluster.addresses(), ProxiedCluster.ANY_PORT));
    channel = NettyChannelBuilder.forAddress(proxy.addresses().getFirst()).usePlaintext().build();
    until(() -> proxy.serves());
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    proxy.stop();
    cluster.close();
  }

  private ClientCall<WatchRequest, WatchResponse> watch(String token) {
    ClientCall<WatchRequest, WatchResponse> watch = stream(token, new ArrayList<>());
    watch.sendMessage(CREATE);
    return watch;
  }

  private ClientCall<WatchRequest, WatchResponse> stream(String token, List<String> told) {
    ClientCall<WatchRequest, WatchResponse> stream =
        channel.newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    Metadata headers = new Metadata();
    headers.put(TOKEN, token);
    stream.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(WatchResponse response) {
            told.add(response.getCreated() ? "created" : "progress");
          }
        },
        headers);
    stream.request(10);
    return stream;
  }

  private long arrivals(String arrival) {
    return cluster.server(1).arrivals().stream().filter(arrival::equals).count();
  }

  @Test
  void oneServesTheNextClientThatSaysTheSame() throws Exception {
    ClientCall<WatchRequest, WatchResponse> first = watch("t");
    until(() -> arrivals("watch") == 1);
    first.cancel("enough", null);
    until(() -> arrivals("cancel") == 1);
    var _ = watch("t");
    until(() -> arrivals("watch") == 2);

    assertThat(cluster.server(1).headers().stream().filter(each -> "t".equals(each.get(TOKEN))))
        .hasSize(1);
    assertThat(arrivals("watch cancelled")).isZero();
  }

  /** A progress notification does not hold for a watch that came after the request for it. */
  @Test
  void progressOfTheClientBeforeIsNotPassedOn() throws Exception {
    ClientCall<WatchRequest, WatchResponse> first = watch("t");
    until(() -> arrivals("watch") == 1);
    cluster.server(1).tellProgressLate();
    first.sendMessage(PROGRESS);
    until(() -> arrivals("progress") == 1);
    first.cancel("enough", null);
    until(() -> arrivals("cancel") == 1);

    List<String> told = new CopyOnWriteArrayList<>();
    ClientCall<WatchRequest, WatchResponse> second = stream("t", told);
    second.sendMessage(PROGRESS);
    until(() -> arrivals("progress") == 2);
    second.sendMessage(CREATE);

    until(() -> told.contains("progress"));
    assertThat(told).containsExactly("created", "progress");
  }

  @Test
  void manyWithTokensOfTheirOwnEndAtOnce() throws Exception {
    int streams = 950;
    List<ClientCall<WatchRequest, WatchResponse>> watches = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      watches.add(watch("token " + i));
    }
    until(() -> arrivals("watch") == streams);
    long left = System.nanoTime();
    watches.forEach(each -> each.cancel("enough", null));
    until(() -> arrivals("watch cancelled") >= streams - 256);

    assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void oneWithALargeTokenEnds() throws Exception {
    ClientCall<WatchRequest, WatchResponse> watch = watch("t".repeat(5_000));
    until(() -> arrivals("watch") == 1);
    assertThat(cluster.server(1).headers())
        .anyMatch(each -> "t".repeat(5_000).equals(each.get(TOKEN)));
    watch.cancel("enough", null);
    until(() -> arrivals("watch cancelled") == 1);
  }
}
