package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static io.balsa.proxy.DirectCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.WatchCancelRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Revisions that no server and no proxy keeps as a whole reach the proxy's clients as a whole. */
@SharesCores
@Timeout(120)
class LargeRevisionsTest extends BeforeRealServers {
  private static final int KEYS = 4_000;
  private static final ByteString VALUE = ByteString.copyFrom(new byte[1_000]);

  private long begun;

  @Override
  NettyChannelBuilder as(NettyChannelBuilder builder) {
    return builder.maxInboundMessageSize(64 << 20);
  }

  @BeforeEach
  void fill() {
    for (int at = 0; at < KEYS; at += 100) {
      TxnRequest.Builder txn = TxnRequest.newBuilder();
      for (int i = at; i < at + 100; i++) {
        PutRequest.Builder put = PutRequest.newBuilder().setKey(text("d" + i)).setValue(VALUE);
        txn.addSuccess(RequestOp.newBuilder().setRequestPut(put));
      }
      begun = kv().txn(txn.build()).getHeader().getRevision() + 1;
    }
  }

  private long put(String key) {
    return kv().put(PutRequest.newBuilder().setKey(text(key)).build()).getHeader().getRevision();
  }

  private long deleteAll() {
    return kv().deleteRange(
            DeleteRangeRequest.newBuilder().setKey(text("d")).setRangeEnd(text("e")).build())
        .getHeader()
        .getRevision();
  }

  private static WatchRequest create(
      ByteString key, ByteString rangeEnd, long from, boolean fragment) {
    return WatchRequest.newBuilder()
        .setCreateRequest(
            WatchCreateRequest.newBuilder()
                .setKey(key)
                .setRangeEnd(rangeEnd)
                .setPrevKv(true)
                .setFragment(fragment)
                .setStartRevision(from))
        .build();
  }

  /** A client that reads only when the test says so. */
  private static final class Reader extends ClientCall.Listener<WatchResponse> {
    private final ClientCall<WatchRequest, WatchResponse> call;
    private final List<WatchResponse> responses = new ArrayList<>();
    private Status ended = Status.OK;

    Reader(ManagedChannel channel, int reads) {
      call = channel.newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
      call.start(this, new Metadata());
      call.request(reads);
    }

    Reader(ManagedChannel channel, long from, boolean fragment, int reads) {
      this(channel, reads);
      call.sendMessage(create(text("d"), text("e"), from, fragment));
    }

    @Override
    public synchronized void onMessage(WatchResponse response) {
      responses.add(response);
    }

    @Override
    public synchronized void onClose(Status status, Metadata trailers) {
      ended = status;
    }

    synchronized List<WatchResponse> withEvents() {
      assertThat(ended).isEqualTo(Status.OK);
      return responses.stream().filter(each -> each.getEventsCount() > 0).toList();
    }

    synchronized List<Long> revisions() {
      return withEvents().stream()
          .flatMap(each -> each.getEventsList().stream())
          .map(each -> each.getKv().getModRevision())
          .toList();
    }

    synchronized List<Long> ids(Predicate<WatchResponse> of) {
      assertThat(ended).isEqualTo(Status.OK);
      return responses.stream().filter(of).map(WatchResponse::getWatchId).toList();
    }

    void read(int messages) {
      call.request(messages);
    }
  }

  private static void isWhole(Reader reader, long before, long deleted, long after) {
    List<Long> revisions = reader.revisions();
    assertThat(revisions).hasSize(KEYS + 2);
    assertThat(revisions.getFirst()).isEqualTo(before);
    assertThat(revisions.subList(1, KEYS + 1)).containsOnly(deleted);
    assertThat(revisions.getLast()).isEqualTo(after);
    List<ByteString> keys =
        reader.withEvents().stream()
            .flatMap(each -> each.getEventsList().stream())
            .filter(each -> each.getType() == Event.EventType.DELETE)
            .map(each -> each.getKv().getKey())
            .distinct()
            .toList();
    assertThat(keys).hasSize(KEYS);
  }

  @Test
  void oneResponseOrFragmentsAsTheClientAskedAndAtItsPace() throws Exception {
    Reader whole = new Reader(channel, begun, false, 1_000);
    Reader parts = new Reader(channel, begun, true, 1_000);
    Reader unread = new Reader(channel, begun, false, 1);
    Reader unreadParts = new Reader(channel, begun, true, 1);
    long before = put("d0");
    long deleted = deleteAll();
    long after = put("d");
    for (Reader each : List.of(whole, parts)) {
      until(() -> each.revisions().size() == KEYS + 2);
      isWhole(each, before, deleted, after);
    }
    assertThat(whole.withEvents()).hasSize(3);
    assertThat(whole.withEvents()).noneMatch(WatchResponse::getFragment);
    assertThat(parts.withEvents().size()).isGreaterThan(3);
    for (Reader each : List.of(unread, unreadParts)) {
      each.read(1_000);
      until(() -> each.revisions().size() == KEYS + 2);
      isWhole(each, before, deleted, after);
    }
    Reader late = new Reader(channel, begun, false, 1_000);
    until(() -> late.revisions().size() == KEYS + 2);
    isWhole(late, before, deleted, after);
  }

  /** A client with two watches: of a key outside the revision, and of all its keys. */
  private void endsTheWatchThatWasMeant(boolean fragment) throws Exception {
    Reader reader = new Reader(channel, 2);
    reader.call.sendMessage(create(text("x"), ByteString.EMPTY, begun, false));
    until(() -> reader.ids(WatchResponse::getCreated).size() == 1);
    reader.call.sendMessage(create(text("d"), text("e"), begun, fragment));
    until(() -> reader.ids(WatchResponse::getCreated).size() == 2);
    long deleted = deleteAll();
    LockSupport.parkNanos(
        TimeUnit.SECONDS.toNanos(2)); // the revision has begun, and its client reads nothing
    reader.call.sendMessage(
        WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(1))
            .build());
    reader.read(1_000);
    until(() -> reader.ids(WatchResponse::getCanceled).size() == 1);
    long after = put("x");
    until(() -> reader.revisions().contains(after));
    assertThat(reader.ids(WatchResponse::getCanceled)).containsExactly(1L);
    assertThat(reader.revisions()).contains(deleted);
    long told = reader.revisions().stream().filter(each -> each == deleted).count();
    assertThat(told).isEqualTo(fragment ? told : KEYS);
  }

  @Test
  void aCancellationInTheMiddleEndsTheWatchThatWasMeant() throws Exception {
    endsTheWatchThatWasMeant(false);
  }

  @Test
  void aCancellationBetweenFragmentsEndsTheWatchThatWasMeant() throws Exception {
    endsTheWatchThatWasMeant(true);
  }

  @Test
  void aWatchInTheMiddleOfOneGoesOnAtTheNextServer() throws Exception {
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      readers.add(new Reader(channel, begun, i % 2 == 0, 1));
    }
    long before = put("d0");
    long deleted = deleteAll();
    until(() -> readers.stream().allMatch(each -> each.responses.size() == 1));
    readers.forEach(each -> each.read(2));
    // a message that was begun is continued by three servers at most: two moves are always possible
    for (long id = 1; id <= 2; id++) {
      until(() -> servers.leader() != 0);
      servers.stop(id);
      var _ = servers.untilOneLeads();
      servers.start(id);
      until(() -> proxy.cluster().silent().isEmpty() && proxy.cluster().unfit().isEmpty());
    }
    readers.forEach(each -> each.read(1_000));
    long after = put("d");
    for (Reader each : readers) {
      until(() -> each.revisions().size() == KEYS + 2);
      isWhole(each, before, deleted, after);
    }
  }
}
