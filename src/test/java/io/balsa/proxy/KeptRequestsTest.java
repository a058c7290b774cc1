package io.balsa.proxy;

import static io.balsa.proxy.DirectCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.balsa.budget.ByteBound;
import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import io.balsa.client.ScriptedCluster;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest.FilterType;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.rpc.BytesMarshaller;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the proxy keeps of whole requests. */
@Timeout(60)
class KeptRequestsTest {
  private static final int MEGABYTE = 1 << 20;
  private static final UnknownFieldSet UNKNOWN =
      UnknownFieldSet.newBuilder()
          .addField(
              1_000,
              UnknownFieldSet.Field.newBuilder()
                  .addLengthDelimited(ByteString.copyFrom(new byte[MEGABYTE]))
                  .build())
          .build();

  private ScriptedCluster cluster;
  private Proxy proxy;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws Exception {
    cluster = ScriptedCluster.of(1, 2, 3);
    cluster.lead(0);
    proxy = Proxy.start(ProxyConfig.of(cluster.addresses(), ProxiedCluster.ANY_PORT));
    channel = NettyChannelBuilder.forAddress(proxy.addresses().getFirst()).usePlaintext().build();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    proxy.stop();
    cluster.close();
  }

  private void send(MethodDescriptor<?, ?> method, byte[] message, int times) {
    ClientCall<Bytes, Bytes> call =
        channel.newCall(BytesMarshaller.raw(method), CallOptions.DEFAULT.withCompression("gzip"));
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    for (int i = 0; i < times; i++) {
      call.sendMessage(Bytes.wrap(message));
    }
  }

  /** The largest heap use in the next second, without garbage. */
  private static long heapBytes() {
    long most = 0;
    for (int i = 0; i < 3; i++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
      System.gc();
      most = Math.max(most, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
    }
    return most;
  }

  @Test
  void keepAlivesAreKeptAsTheirLeasesAlone() {
    byte[] message =
        LeaseKeepAliveRequest.newBuilder().setID(1).setUnknownFields(UNKNOWN).build().toByteArray();
    long before = heapBytes();

    send(LeaseGrpc.getLeaseKeepAliveMethod(), message, 256);

    assertThat(heapBytes() - before).isLessThan(64 * MEGABYTE);
  }

  @Test
  void watchesAreKeptWithoutFieldsThatNobodyKnows() {
    WatchCreateRequest create =
        WatchCreateRequest.newBuilder().setKey(text("k")).setUnknownFields(UNKNOWN).build();
    byte[] message = WatchRequest.newBuilder().setCreateRequest(create).build().toByteArray();
    long before = heapBytes();

    send(WatchGrpc.getWatchMethod(), message, 256);

    assertThat(heapBytes() - before).isLessThan(64 * MEGABYTE);
  }

  @Test
  void aWatchIsAskedForAsItsClientDid() {
    WatchCreateRequest asked =
        WatchCreateRequest.newBuilder()
            .setKey(text("k"))
            .setRangeEnd(text("l"))
            .setStartRevision(7)
            .setWatchId(8)
            .setProgressNotify(true)
            .setPrevKv(true)
            .addAllFilters(Collections.nCopies(1_000, FilterType.NODELETE))
            .addFiltersValue(77)
            .build();

    assertThat(new ProxiedWatch(asked, Share.UNBOUNDED).requestAt(9))
        .isEqualTo(
            asked.toBuilder()
                .clearFilters()
                .addFilters(FilterType.NODELETE)
                .setWatchId(9)
                .setFragment(true)
                .build());
  }

  @Test
  void allClientsWatchesAndTheirKeysAreBounded() {
    ByteBound bound = new ByteBound(10_000);
    ClientWatches ours = new ClientWatches(bound);
    ClientWatches theirs = new ClientWatches(bound);
    ProxiedWatch large = watch(5_000);
    assertThat(ours.add(watch(0))).isTrue();
    assertThat(ours.add(large)).isTrue();
    assertThat(theirs.add(watch(3_080))).isTrue();
    assertThat(bound.held()).isEqualTo(10_000);
    assertThat(theirs.add(watch(0))).isFalse();

    ours.remove(large);
    ours.remove(large);
    assertThat(bound.held()).isEqualTo(10_000 - 5_640);
    assertThat(theirs.add(watch(0))).isTrue();
    ours.end();
    theirs.end();
    assertThat(bound.held()).isZero();
  }

  private static ProxiedWatch watch(int keyBytes) {
    WatchCreateRequest request =
        WatchCreateRequest.newBuilder().setKey(ByteString.copyFrom(new byte[keyBytes])).build();
    return new ProxiedWatch(request, Share.UNBOUNDED);
  }
}
