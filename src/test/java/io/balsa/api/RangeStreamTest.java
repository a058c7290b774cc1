package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.CompactionRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeRequest.SortOrder;
import io.balsa.proto.etcdserverpb.RangeRequest.SortTarget;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.RangeStreamResponse;
import io.balsa.proto.mvccpb.KeyValue;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A streamed range equals the range in one answer. */
@SharesCores
@Timeout(60)
class RangeStreamTest {
  private static final int KEYS = 300;
  private static final ByteString ALL = ByteString.copyFrom(new byte[1]);

  private OneServer one;
  private ManagedChannel channel;

  @BeforeEach
  void start() {
    one = OneServer.start();
    channel =
        NettyChannelBuilder.forAddress(one.server.addresses().getFirst())
            .usePlaintext()
            .maxInboundMessageSize(64 << 20)
            .build();
    for (int i = 0; i < KEYS; i++) {
      put("k%03d".formatted(i), 10);
    }
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    one.close();
  }

  private void put(String key, int size) {
    kv().put(
            PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8("v".repeat(size)))
                .build());
  }

  private KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel);
  }

  private static RangeRequest.Builder all() {
    return RangeRequest.newBuilder().setKey(ALL).setRangeEnd(ALL);
  }

  private List<RangeResponse> parts(RangeRequest request) {
    List<RangeResponse> parts = new ArrayList<>();
    Iterator<RangeStreamResponse> stream = kv().rangeStream(request);
    stream.forEachRemaining(part -> parts.add(part.getRangeResponse()));
    return parts;
  }

  private static RangeResponse merged(List<RangeResponse> parts) {
    RangeResponse.Builder merged = RangeResponse.newBuilder();
    parts.forEach(merged::mergeFrom);
    return merged.build();
  }

  /** As in etcd 3.7, a sort target without an order sorts ascending. */
  @Test
  void thePartsMakeTheRange() {
    put("k000", 300);
    List<RangeRequest> requests =
        List.of(
            all().build(),
            all().setLimit(25).build(),
            all().setLimit(KEYS).build(),
            all().setLimit(KEYS - 1).build(),
            all().setKeysOnly(true).build(),
            all().setCountOnly(true).build(),
            all().setCountOnly(true).setLimit(5).build(),
            all().setRevision(100).build(),
            all().setRevision(100).setLimit(30).setSerializable(true).build(),
            all().setSortOrder(SortOrder.ASCEND).build(),
            all().setSortTarget(SortTarget.VALUE).build(),
            all().setSortTarget(SortTarget.MOD).setLimit(30).build(),
            RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("k007")).build(),
            RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("none")).build(),
            all().setKey(ByteString.copyFromUtf8("k29")).build(),
            all().setKey(ByteString.copyFromUtf8("z")).build());
    for (RangeRequest request : requests) {
      assertThat(merged(parts(request))).as("%s", request).isEqualTo(kv().range(request));
    }
  }

  @Test
  void onlyTheLastPartHasHeaderAndCount() {
    List<RangeResponse> parts = parts(all().build());

    assertThat(parts.getFirst().getKvsCount()).isEqualTo(10);
    assertThat(parts).hasSizeGreaterThan(3);
    for (RangeResponse part : parts.subList(0, parts.size() - 1)) {
      assertThat(part.hasHeader()).isFalse();
      assertThat(part.getCount()).isZero();
    }
    assertThat(parts.getLast().getCount()).isEqualTo(KEYS);
    assertThat(parts(all().setKey(ByteString.copyFromUtf8("z")).build())).hasSize(1);
  }

  @Test
  void whatItCannotGiveInOrderIsRefused() {
    refused(RangeRequest.newBuilder(), "INVALID_ARGUMENT: etcdserver: key is not provided");
    refused(all().setSortOrderValue(7), "INVALID_ARGUMENT: etcdserver: invalid sort option");
    String order = "UNIMPLEMENTED: RangeStream does not support custom sort orders";
    refused(all().setSortOrder(SortOrder.DESCEND).setMinModRevision(1), order);
    refused(all().setSortOrder(SortOrder.ASCEND).setSortTarget(SortTarget.MOD), order);
    refused(all().setSortOrder(SortOrder.DESCEND).setSortTarget(SortTarget.VALUE), order);
    String filters = "UNIMPLEMENTED: RangeStream does not support revision filters";
    refused(all().setMaxCreateRevision(1), filters);
    refused(
        all().setRevision(10_000),
        "OUT_OF_RANGE: etcdserver: mvcc: required revision is a future revision");
    compact();
    refused(
        all().setRevision(5),
        "OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted");
  }

  private void refused(RangeRequest.Builder request, String how) {
    assertThatThrownBy(() -> parts(request.build())).hasMessage(how);
  }

  private void compact() {
    long revision = kv().range(all().setCountOnly(true).build()).getHeader().getRevision();
    kv().compact(CompactionRequest.newBuilder().setRevision(revision).build());
  }

  @Test
  void allPartsAreOfOneRevision() throws Exception {
    for (int i = 0; i < 40; i++) {
      put("k%03d".formatted(i), 200_000);
    }
    RangeResponse before = kv().range(all().build());
    Pulled pulled = new Pulled();
    List<KeyValue> kvs = new ArrayList<>(pulled.next().getKvsList());

    for (int i = 0; i < KEYS; i++) {
      put("k%03d".formatted(i), 1);
      put("m%03d".formatted(i), 1);
    }

    RangeResponse part = pulled.next();
    while (!part.hasHeader()) {
      kvs.addAll(part.getKvsList());
      part = pulled.next();
    }
    kvs.addAll(part.getKvsList());
    assertThat(kvs).isEqualTo(before.getKvsList());
    assertThat(part.getHeader()).isEqualTo(before.getHeader());
    assertThat(part.getCount()).isEqualTo(KEYS);
  }

  /**
   * The server does not read parts ahead of the client, so a compaction meanwhile ends the stream.
   */
  @Test
  void aClientThatDoesNotReadHoldsTheReadingBack() throws Exception {
    for (int i = 0; i < KEYS; i++) {
      put("k%03d".formatted(i), 50_000);
    }
    Pulled pulled = new Pulled();
    assertThat(pulled.next().getKvsCount()).as("32 KiB").isEqualTo(1);

    put("k000", 1);
    compact();

    Status end = pulled.end();
    assertThat(end.getDescription())
        .isEqualTo("etcdserver: mvcc: required revision has been compacted");
  }

  /** A client that takes one part after the other. */
  private final class Pulled extends ClientCall.Listener<RangeStreamResponse> {
    private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
    private final ClientCall<RangeRequest, RangeStreamResponse> call =
        channel.newCall(KVGrpc.getRangeStreamMethod(), CallOptions.DEFAULT);

    Pulled() {
      call.start(this, new Metadata());
      call.sendMessage(all().build());
      call.halfClose();
    }

    @Override
    public void onMessage(RangeStreamResponse part) {
      arrived.add(part);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      arrived.add(status);
    }

    private Object take() throws InterruptedException {
      call.request(1);
      Object next = arrived.poll(30, TimeUnit.SECONDS);
      assertThat(next).isNotNull();
      return next;
    }

    RangeResponse next() throws InterruptedException {
      return ((RangeStreamResponse) take()).getRangeResponse();
    }

    Status end() throws InterruptedException {
      Object next = take();
      while (!(next instanceof Status)) {
        next = take();
      }
      return (Status) next;
    }
  }
}
