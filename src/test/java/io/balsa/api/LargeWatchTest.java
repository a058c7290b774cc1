package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.WatchCancelRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchProgressRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import io.balsa.watch.WatchAnswer;
import io.balsa.watch.WatchLimits;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Revisions that are too large to be held, as clients see them: complete, or in fragments if they
 * want them.
 */
@Timeout(60)
class LargeWatchTest {
  private static final int KEYS = 120;
  private static final int VALUE_BYTES = 40_000;
  private static final ByteString PREFIX = ByteString.copyFromUtf8("k");
  private static final ByteString END = ByteString.copyFromUtf8("l");
  private static final long LEASE = 7;

  /** In this test, a few events make a large revision. */
  private static final WatchLimits SMALL =
      new WatchLimits(50, 200_000, 100_000, 50_000, 300_000, 1 << 20, 8 << 20, 10_000);

  private OneServer one;
  private ManagedChannel channel;

  /** A connection of its own, so that no other call fills its window. */
  private ManagedChannel other;

  @BeforeEach
  void start() {
    one = OneServer.start(SMALL);
    channel = connect();
    other = connect();
  }

  private ManagedChannel connect() {
    return NettyChannelBuilder.forAddress(one.server.addresses().getFirst())
        .usePlaintext()
        .maxInboundMessageSize(64 << 20)
        .build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    other.shutdownNow();
    one.close();
  }

  /** A watch stream whose client requests each answer. */
  private static final class Stream {
    final BlockingQueue<WatchResponse> answers = new LinkedBlockingQueue<>();
    final BlockingQueue<Status> ended = new LinkedBlockingQueue<>();
    final ClientCall<WatchRequest, WatchResponse> call;

    Stream(ManagedChannel channel, Metadata metadata) {
      call = channel.newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onMessage(WatchResponse answer) {
              answers.add(answer);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              ended.add(status);
            }
          },
          metadata);
    }

    Stream say(WatchRequest request) {
      call.sendMessage(request);
      return this;
    }

    WatchResponse next() throws InterruptedException {
      call.request(1);
      WatchResponse answer = answers.poll(20, TimeUnit.SECONDS);
      assertThat(answer).as("an answer").isNotNull();
      return answer;
    }

    void isSilent() throws InterruptedException {
      call.request(1);
      assertThat(answers.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  private Stream watch(WatchCreateRequest.Builder watch) throws InterruptedException {
    return watch(channel, watch);
  }

  private static Stream watch(ManagedChannel channel, WatchCreateRequest.Builder watch)
      throws InterruptedException {
    Stream stream = new Stream(channel, new Metadata());
    assertThat(stream.say(create(watch)).next().getCreated()).isTrue();
    return stream;
  }

  private static WatchRequest create(WatchCreateRequest.Builder watch) {
    return WatchRequest.newBuilder().setCreateRequest(watch).build();
  }

  private static WatchCreateRequest.Builder all() {
    return WatchCreateRequest.newBuilder().setKey(PREFIX).setRangeEnd(END).setPrevKv(true);
  }

  private KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private long put(String key) {
    PutRequest put = PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
    return kv().put(put).getHeader().getRevision();
  }

  /** Puts keys on a lease, in transactions within the limit of a request. */
  private long fill() {
    LeaseGrpc.newBlockingStub(channel)
        .leaseGrant(LeaseGrantRequest.newBuilder().setID(LEASE).setTTL(1_000).build());
    ByteString value = ByteString.copyFrom(new byte[VALUE_BYTES]);
    long revision = 0;
    for (int i = 0; i < KEYS; i += 30) {
      TxnRequest.Builder txn = TxnRequest.newBuilder();
      for (int j = i; j < i + 30; j++) {
        ByteString key = ByteString.copyFromUtf8("k%04d".formatted(j));
        var put = PutRequest.newBuilder().setKey(key).setValue(value).setLease(LEASE);
        txn.addSuccess(RequestOp.newBuilder().setRequestPut(put));
      }
      revision = kv().txn(txn.build()).getHeader().getRevision();
    }
    return revision;
  }

  private long revoke() {
    return LeaseGrpc.newBlockingStub(channel)
        .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(LEASE).build())
        .getHeader()
        .getRevision();
  }

  private static void isWhole(List<Event> events, long revision) {
    assertThat(events).hasSize(KEYS);
    for (int i = 0; i < KEYS; i++) {
      Event event = events.get(i);
      assertThat(event.getType()).isEqualTo(Event.EventType.DELETE);
      assertThat(event.getKv().getKey().toStringUtf8()).isEqualTo("k%04d".formatted(i));
      assertThat(event.getKv().getModRevision()).isEqualTo(revision);
      assertThat(event.getPrevKv().getValue().size()).isEqualTo(VALUE_BYTES);
    }
  }

  @Test
  void aLargeRevisionIsOneMessageForThoseWhoWaitAndThoseWhoComeLater() throws Exception {
    long filled = fill();
    Stream waits = watch(all());
    long revision = revoke();
    long after = put("k");
    Stream comes = watch(all().setStartRevision(filled + 1).setWatchId(1_000_000));
    for (Stream stream : List.of(waits, comes)) {
      WatchResponse whole = stream.next();
      assertThat(whole.getFragment()).isFalse();
      isWhole(whole.getEventsList(), revision);
      WatchResponse next = stream.next();
      assertThat(next.getEventsList()).hasSize(1);
      assertThat(next.getEvents(0).getKv().getModRevision()).isEqualTo(after);
    }
  }

  @Test
  void whoAskedForFragmentsGetsThemAndTheProxyTheirSize() throws Exception {
    fill();
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("balsa-whole-bytes", Metadata.ASCII_STRING_MARSHALLER), "1");
    Stream stream = new Stream(channel, metadata).say(create(all().setFragment(true)));
    assertThat(stream.next().getCreated()).isTrue();
    long revision = revoke();
    List<Event> events = new ArrayList<>();
    long announced = 0;
    long bytes = 0;
    int fragments = 0;
    for (boolean more = true; more; fragments++) {
      WatchResponse part = stream.next();
      events.addAll(part.getEventsList());
      for (Event event : part.getEventsList()) {
        bytes += WatchResponse.newBuilder().addEvents(event).build().getSerializedSize();
      }
      List<Long> sizes = part.getUnknownFields().getField(WatchEncoder.WHOLE_BYTES).getVarintList();
      assertThat(sizes).hasSize(fragments == 0 ? 1 : 0);
      announced = fragments == 0 ? sizes.getFirst() : announced;
      assertThat(part.getSerializedSize()).isLessThan(400_000);
      more = part.getFragment();
    }
    assertThat(fragments).isGreaterThan(10);
    assertThat(announced).isEqualTo(bytes);
    isWhole(events, revision);
  }

  /** With HTTP/1.1 a message cannot be sent in pieces that the client sees as one. */
  @Test
  void jsonHasToAskForFragments() throws Exception {
    long filled = fill();
    revoke();
    String asked = "{\"create_request\":{\"key\":\"aw==\",\"range_end\":\"bA==\",\"prev_kv\":true,";
    String from = "\"start_revision\":" + (filled + 1) + "}}";
    try (HttpClient http = HttpClient.newHttpClient()) {
      String refused = firstLines(http, asked + from, 2).getLast();
      assertThat(refused)
          .isEqualTo(
              "{\"error\":{\"code\":8,\"message\":\"etcdserver: one revision has more events than"
                  + " fit into one answer here, watch with fragment, or over gRPC instead of"
                  + " JSON\"}}");
      List<String> parts = firstLines(http, asked + "\"fragment\":true," + from, 3);
      assertThat(parts.getLast()).contains("\"fragment\":true", "\"events\":[");
    }
  }

  private List<String> firstLines(HttpClient http, String body, int count) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + one.port() + "/v3/watch"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    var answer = http.send(request, BodyHandlers.ofLines());
    try (var lines = answer.body()) {
      return lines.limit(count).toList();
    }
  }

  @Test
  void whoStopsReadingInTheMiddleDelaysNobodyAndLosesNothing() throws Exception {
    fill();
    Stream slow = watch(other, all());
    Stream quick = watch(all());
    long revision = revoke();
    isWhole(quick.next().getEventsList(), revision);
    long after = put("k");
    assertThat(quick.next().getEvents(0).getKv().getModRevision()).isEqualTo(after);

    isWhole(slow.next().getEventsList(), revision);
    assertThat(slow.next().getEvents(0).getKv().getModRevision()).isEqualTo(after);
  }

  @Test
  void whatIsAskedMeanwhileIsAnsweredAfterTheWholeMessage() throws Exception {
    fill();
    Stream stream = watch(other, all());
    Stream quick = watch(all());
    long revision = revoke();
    isWhole(
        quick.next().getEventsList(),
        revision); // the streams take turns, so the other one is half done
    stream.say(create(WatchCreateRequest.newBuilder().setKey(PREFIX)));
    stream.say(
        WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(0))
            .build());
    List<WatchResponse> answers = List.of(stream.next(), stream.next(), stream.next());
    assertThat(answers.stream().filter(WatchResponse::getCreated)).hasSize(1);
    assertThat(answers.stream().filter(WatchResponse::getCanceled)).hasSize(1);
    WatchResponse whole =
        answers.stream().filter(a -> a.getEventsCount() > 0).findFirst().orElseThrow();
    isWhole(whole.getEventsList(), revision);
    assertThat(answers.indexOf(whole))
        .isLessThan(answers.stream().map(WatchResponse::getCanceled).toList().indexOf(true));
  }

  @Test
  void watchesAreBounded() throws Exception {
    Stream stream = new Stream(channel, new Metadata());
    int there = 0;
    WatchResponse answer = stream.say(create(all())).next();
    for (; !answer.getCanceled(); there++) {
      answer = stream.say(create(all())).next();
    }
    assertThat(there).isBetween(10, 16);
    assertThat(answer.getCreated()).isTrue();
    assertThat(answer.getCancelReason()).startsWith("too many watches: ");
    stream.say(
        WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(0))
            .build());
    assertThat(stream.next().getCanceled()).isTrue();
    assertThat(stream.say(create(all())).next().getCanceled()).isFalse();
  }

  /** etcd 3.7.3 also sends nothing before that revision. */
  @Test
  void aStreamWithAWatchOfTheFutureHasNoProgress() throws Exception {
    long now = put("k");
    WatchRequest progress =
        WatchRequest.newBuilder()
            .setProgressRequest(WatchProgressRequest.getDefaultInstance())
            .build();
    Stream stream = watch(all().setStartRevision(now + 2));
    stream.say(progress).isSilent();
    put("a");
    long reached = put("a");
    WatchResponse answer = stream.say(progress).next();
    assertThat(answer.getWatchId()).isEqualTo(WatchAnswer.NO_WATCH);
    assertThat(answer.getHeader().getRevision()).isEqualTo(reached);
  }
}
