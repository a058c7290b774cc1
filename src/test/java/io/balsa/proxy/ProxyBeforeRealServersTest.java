package io.balsa.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdClient;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.StatusRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

  private static void until(BooleanSupplier hoped) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!hoped.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void put(String key, String value) throws Exception {
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

  @Test
  void whatIsWrittenIsReadAtOnceAtTheFollowers() throws Exception {
    long leader = servers.leader();
    int atTheLeader = 0; // where a read may end when a follower is slow to answer
    for (int i = 0; i < 200; i++) {
      String key = "k" + i;
      put(key, "v" + i);
      RangeResponse read = get(key);

      assertThat(read.getKvs(0).getValue().toStringUtf8()).isEqualTo("v" + i);
      atTheLeader += read.getHeader().getMemberId() == leader ? 1 : 0;
    }
    assertThat(atTheLeader).isLessThan(50);
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
    List<Thread> writers = new ArrayList<>();
    for (int w = 0; w < 4; w++) {
      int writer = w;
      writers.add(Thread.ofVirtual().start(() -> write(writer, acknowledged, stop)));
    }
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
    stop.set(true);
    for (Thread writer : writers) {
      writer.join();
    }
    for (String key : acknowledged.keySet()) {
      RangeResponse read = get(key);
      assertThat(read.getKvsCount()).as(key).isEqualTo(1);
      assertThat(read.getKvs(0).getVersion()).as(key).isEqualTo(1);
    }
  }

  /** Writes each key once, whatever becomes of it. */
  private void write(int writer, Map<String, Boolean> acknowledged, AtomicBoolean stop) {
    for (int i = 0; !stop.get(); i++) {
      String key = "w" + writer + "-" + i;
      try {
        put(key, key);
        acknowledged.put(key, true);
      } catch (ExecutionException _) {
        // not acknowledged: it may be there or not
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
