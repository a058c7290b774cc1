package io.balsa.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import io.balsa.proto.mvccpb.KeyValue;
import io.balsa.proxy.WatchAnswers.Telling;
import io.balsa.rpc.BytesMarshaller;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchAnswersTest {
  private final TakingCall client = new TakingCall();
  private final WatchAnswers answers = new WatchAnswers(client, Share.UNBOUNDED);

  private static ProxiedWatch watch(boolean parts) {
    ProxiedWatch watch =
        new ProxiedWatch(
            WatchCreateRequest.newBuilder().setStartRevision(1).setFragment(parts).build(),
            Share.UNBOUNDED);
    watch.created(3, 0);
    return watch;
  }

  private Telling tell(ProxiedWatch watch, boolean fragment, long... revisions) throws IOException {
    Bytes message = message(fragment, revisions);
    return answers.tell(watch, WatchResponseSummary.of(message), message);
  }

  private static Bytes message(boolean fragment, long... revisions) {
    WatchResponse.Builder response =
        WatchResponse.newBuilder()
            .setHeader(ResponseHeader.newBuilder().setMemberId(1).setRevision(9))
            .setWatchId(77)
            .setFragment(fragment);
    int number = 0;
    for (long revision : revisions) {
      response.addEvents(
          Event.newBuilder()
              .setKv(KeyValue.newBuilder().setModRevision(revision).setVersion(++number)));
    }
    return Bytes.wrap(response.build().toByteArray());
  }

  private static List<Long> revisions(WatchResponse response) {
    return response.getEventsList().stream().map(each -> each.getKv().getModRevision()).toList();
  }

  @Test
  void whatIsWholePassesUnderTheClientsId() throws Exception {
    ProxiedWatch watch = watch(false);

    assertThat(tell(watch, false, 4, 4, 5)).isEqualTo(Telling.TOLD);

    assertThat(client.taken())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.getWatchId()).isEqualTo(3);
              assertThat(revisions(each)).containsExactly(4L, 4L, 5L);
            });
    assertThat(watch.next()).isEqualTo(6);
  }

  @Test
  void aClientThatAskedForNoPartsGetsEachRevisionWhole() throws Exception {
    ProxiedWatch watch = watch(false);

    tell(watch, true, 1, 1, 2);
    assertThat(watch.next()).isEqualTo(2);
    tell(watch, true, 2);
    tell(watch, true, 2, 3);
    tell(watch, false, 3, 4);

    assertThat(client.taken()).allMatch(each -> !each.getFragment() && each.getWatchId() == 3);
    assertThat(client.taken().stream().map(WatchAnswersTest::revisions))
        .containsExactly(List.of(1L, 1L), List.of(2L, 2L, 2L), List.of(3L, 3L, 4L));
    assertThat(watch.next()).isEqualTo(5);
  }

  @Test
  void partsGoOnAtAnotherServerWhereTheyStopped() throws Exception {
    ProxiedWatch watch = watch(true);
    tell(watch, true, 1, 2, 2);
    assertThat(watch.next()).isEqualTo(2);

    WatchCreateRequest again = watch.requestAt(5);
    assertThat(again.getStartRevision()).isEqualTo(2);
    assertThat(again.getWatchId()).isEqualTo(5);
    tell(watch, true, 2);
    tell(watch, true, 2, 2);
    tell(watch, false, 2, 3);

    List<Event> events =
        client.taken().stream().flatMap(each -> each.getEventsList().stream()).toList();
    assertThat(events.stream().map(each -> each.getKv().getModRevision()))
        .containsExactly(1L, 2L, 2L, 2L, 2L, 3L);
    assertThat(client.taken().stream().map(WatchResponse::getFragment))
        .containsExactly(true, true, true, false);
    assertThat(watch.next()).isEqualTo(4);
  }

  @Test
  void whoDoesNotReadIsToldAMegabyteMore() throws Exception {
    ProxiedWatch watch = watch(false);
    client.ready = false;
    int told = 0;
    while (tell(watch, false, told + 1) == Telling.TOLD) {
      told++;
    }
    assertThat(client.taken()).hasSize(told);
    assertThat(watch.next()).isEqualTo(told + 1);
    assertThat(answers.areHeldBack()).isTrue();

    client.ready = true;
    answers.hasRoom();
    assertThat(tell(watch, false, told + 1)).isEqualTo(Telling.TOLD);
  }

  /** A client that reads its answers, or does not. */
  private static final class TakingCall extends ServerCall<Bytes, Bytes> {
    private final List<Bytes> messages = new ArrayList<>();
    private boolean ready = true;

    List<WatchResponse> taken() throws InvalidProtocolBufferException {
      List<WatchResponse> all = new ArrayList<>();
      for (Bytes each : messages) {
        all.add(WatchResponse.parseFrom(each.buffer()));
      }
      return all;
    }

    @Override
    public void request(int numMessages) {
      // the test sends no requests
    }

    @Override
    public void sendHeaders(Metadata headers) {
      // the test does not need headers
    }

    @Override
    public void sendMessage(Bytes message) {
      messages.add(message);
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      // the test does not end the call
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<Bytes, Bytes> getMethodDescriptor() {
      return BytesMarshaller.raw(WatchGrpc.getWatchMethod());
    }
  }
}
