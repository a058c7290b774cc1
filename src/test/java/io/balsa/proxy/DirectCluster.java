package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.CompactionRequest;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.HashKVRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Three servers of this process, each with a channel that passes no proxy. */
final class DirectCluster implements AutoCloseable {
  private final Map<Long, ManagedChannel> channels = new TreeMap<>();
  private final RealServers servers;

  DirectCluster() throws Exception {
    servers = new RealServers();
    for (long id = 1; id <= 3; id++) {
      HostPort address = servers.addresses().get((int) id - 1);
      channels.put(
          id,
          NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build());
    }
    until(() -> servers.leader() != 0);
  }

  @Override
  public void close() throws IOException {
    channels.values().forEach(ManagedChannel::shutdownNow);
    servers.close();
  }

  RealServers servers() {
    return servers;
  }

  Collection<ManagedChannel> channels() {
    return channels.values();
  }

  static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  ManagedChannel channel() {
    return channel(servers.leader() == 1 ? 2L : 1L);
  }

  ManagedChannel channel(long server) {
    return Objects.requireNonNull(channels.get(server), "every server has a channel");
  }

  KVGrpc.KVBlockingStub kv(ManagedChannel channel) {
    return KVGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  long put(String key) {
    PutRequest put = PutRequest.newBuilder().setKey(text(key)).setValue(text("v")).build();
    return kv(channel()).put(put).getHeader().getRevision();
  }

  long delete(String key) {
    DeleteRangeRequest delete = DeleteRangeRequest.newBuilder().setKey(text(key)).build();
    return kv(channel()).deleteRange(delete).getHeader().getRevision();
  }

  void compact(long revision) {
    var _ =
        kv(channel())
            .compact(
                CompactionRequest.newBuilder().setRevision(revision).setPhysical(true).build());
  }

  long revision(ManagedChannel channel) {
    RangeRequest range = RangeRequest.newBuilder().setKey(text("none")).build();
    return kv(channel).range(range).getHeader().getRevision();
  }

  void hashesAgree() {
    HashKVRequest now = HashKVRequest.newBuilder().setRevision(revision(channel())).build();
    List<Integer> hashes = new ArrayList<>();
    for (ManagedChannel each : channels.values()) {
      assertThat(revision(each)).isEqualTo(now.getRevision());
      hashes.add(MaintenanceGrpc.newBlockingStub(each).hashKV(now).getHash());
    }
    assertThat(hashes.stream().distinct()).hasSize(1);
  }
}
