package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdClient;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.routing.ClusterView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@SharesCores
@Timeout(120)
class ProxyBeforeRealServersTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  private RealServers servers;
  private Proxy proxy;
  private EtcdClient client;

  @BeforeEach
  void open() throws Exception {
    servers = new RealServers();
    proxy = Proxy.start(ProxyConfig.of(servers.addresses(), new HostPort("127.0.0.1", 0)));
    int port = proxy.addresses().getFirst().getPort();
    client = EtcdClient.open(List.of(new HostPort("127.0.0.1", port)));
    until(() -> proxy.serves() && proxy.cluster().nearest().size() == 3);
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    proxy.stop();
    servers.close();
  }

  private void put(String key, String value) throws InterruptedException, ExecutionException {
    PutRequest put =
        PutRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(ByteString.copyFromUtf8(value))
            .build();
    client.call(KVGrpc.getPutMethod(), put, LONG).get();
  }

  @Test
  void aRangeComesInPartsToo() throws Exception {
    for (int i = 0; i < 50; i++) {
      put("part" + i, "v" + i);
    }
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8("part"))
            .setRangeEnd(ByteString.copyFromUtf8("paru"))
            .build();
    var parts = client.stream(KVGrpc.getRangeStreamMethod(), request);
    RangeResponse.Builder all = RangeResponse.newBuilder();
    for (var part = parts.next(); part != null; part = parts.next()) {
      all.mergeFrom(part.getRangeResponse());
    }
    RangeResponse whole = client.call(KVGrpc.getRangeMethod(), request, LONG).get();
    assertThat(all.getKvsList()).isEqualTo(whole.getKvsList());
    assertThat(all.getCount()).isEqualTo(50);
  }

  private RangeResponse get(String key) throws Exception {
    RangeRequest range = RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
    return client.call(KVGrpc.getRangeMethod(), range, LONG).get();
  }

  /**
   * Compares only while the proxy's view does not change and all servers answer. Otherwise a former
   * leader may be a follower now, and the reads of a silent follower go to the leader.
   */
  @Test
  void whatIsWrittenIsReadAtOnceAtTheFollowers() throws Exception {
    int steady = 0;
    for (int i = 0; steady < 200; i++) {
      ClusterView before = proxy.cluster();
      String key = "k" + i;
      put(key, "v" + i);
      RangeResponse read = get(key);
      ClusterView after = proxy.cluster();

      assertThat(read.getKvs(0).getValue().toStringUtf8()).isEqualTo("v" + i);
      if (before.leads()
          && before.view().equals(after.view())
          && before.silent().isEmpty()
          && after.silent().isEmpty()
          && before.unfit().isEmpty()
          && after.unfit().isEmpty()) {
        steady++;
        assertThat(read.getHeader().getMemberId()).isNotEqualTo(before.view().leader());
      }
    }
  }

  @Test
  void statusIsTheLeaders() throws Exception {
    var status =
        client
            .call(MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance(), LONG)
            .get();

    assertThat(status.getHeader().getMemberId()).isEqualTo(servers.leader());
  }

  @Test
  void eachAcknowledgedWriteIsThereOnceAfterTheLeaderEndedTwice() throws Exception {
    Map<String, Boolean> acknowledged = new ConcurrentHashMap<>();
    AtomicBoolean stop = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> writers = new ArrayList<>();
      for (int w = 0; w < 4; w++) {
        int writer = w;
        writers.add(threads.submit(() -> write(writer, acknowledged, stop)));
      }
      try {
        endTheLeaderTwice(acknowledged);
      } finally {
        stop.set(true);
      }
      for (Future<Integer> writer : writers) {
        writer.get();
      }
    }
    for (String key : acknowledged.keySet()) {
      RangeResponse read = get(key);
      assertThat(read.getKvsCount()).as(key).isEqualTo(1);
      assertThat(read.getKvs(0).getVersion()).as(key).isEqualTo(1);
    }
  }

  private void endTheLeaderTwice(Map<String, Boolean> acknowledged) throws Exception {
    for (int round = 0; round < 2; round++) {
      int before = acknowledged.size();
      until(() -> acknowledged.size() > before + 50);
      until(() -> servers.leader() != 0);
      long leader = servers.leader();
      servers.stop(leader);
      int after = acknowledged.size();
      until(() -> acknowledged.size() > after + 50);
      servers.start(leader);
    }
  }

  /** Writes each key once. Returns the number of keys. */
  private int write(int writer, Map<String, Boolean> acknowledged, AtomicBoolean stop)
      throws InterruptedException {
    int i = 0;
    for (; !stop.get(); i++) {
      String key = "w" + writer + "-" + i;
      try {
        put(key, key);
        acknowledged.put(key, true);
      } catch (ExecutionException _) {
        // not acknowledged: its outcome is unknown
      }
    }
    return i;
  }

  @Test
  void oneFollowersAddressIsEnough() throws Exception {
    long follower = servers.leader() == 1 ? 2 : 1;
    HostPort address = servers.addresses().get((int) follower - 1);
    Proxy other = Proxy.start(ProxyConfig.of(List.of(address), new HostPort("127.0.0.1", 0)));
    try (EtcdClient through = EtcdClient.open(List.of(ProxiedCluster.addressOf(other)))) {
      until(other::serves);
      PutRequest put = PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("one")).build();
      assertThat(through.call(KVGrpc.getPutMethod(), put, LONG).get().getHeader().getRevision())
          .isPositive();
      until(() -> other.cluster().nearest().size() == 3);
    } finally {
      other.stop();
    }
  }
}
