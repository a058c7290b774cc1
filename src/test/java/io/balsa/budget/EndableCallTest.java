package io.balsa.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A request is either ended because it is slow, or served; never both. */
@Timeout(60)
class EndableCallTest {
  private static final Status SLOW = Status.DEADLINE_EXCEEDED.withDescription("nothing was done");

  /** Every request is slow from the start. */
  private static final long AT_ONCE = -1;

  private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
  private final ServerCall.Listener<PutRequest> service =
      new ServerCall.Listener<>() {
        @Override
        public void onHalfClose() {
          told.add("served");
        }
      };
  private final ServerCall<PutRequest, PutResponse> client =
      new ServerCall<>() {
        @Override
        public void request(int messages) {
          // the test decides what comes
        }

        @Override
        public void sendHeaders(Metadata headers) {
          told.add("headers");
        }

        @Override
        public void sendMessage(PutResponse message) {
          told.add("answer");
        }

        @Override
        public void close(Status status, Metadata trailers) {
          told.add(status.getCode().name());
        }

        @Override
        public boolean isCancelled() {
          return false;
        }

        @Override
        public MethodDescriptor<PutRequest, PutResponse> getMethodDescriptor() {
          return KVGrpc.getPutMethod();
        }
      };
  private final List<EndableCall<?, ?>> calls = new ArrayList<>();

  private ServerCall.Listener<PutRequest> begin() {
    return EndableCall.start(client, new Metadata(), (_, _) -> service, calls::add, _ -> {});
  }

  @Test
  void aWholeRequestIsServedAndNotEnded() {
    begin().onHalfClose();
    assertThat(calls.getLast().endIfSlow(AT_ONCE, SLOW)).isFalse();
    assertThat(told).containsExactly("served");
  }

  @Test
  void aSlowRequestIsEndedAndNotServed() {
    ServerCall.Listener<PutRequest> heard = begin();
    assertThat(calls.getLast().endIfSlow(AT_ONCE, SLOW)).isTrue();
    heard.onHalfClose();
    assertThat(calls.getLast().endIfSlow(AT_ONCE, SLOW)).as("it has ended").isFalse();
    assertThat(told).containsExactly("DEADLINE_EXCEEDED");
  }

  /** Another event loop looks for slow requests. */
  @Test
  void oneOfThemHappensAlsoAtTheSameMoment() throws Exception {
    for (int round = 0; round < 2_000; round++) {
      ServerCall.Listener<PutRequest> heard = begin();
      EndableCall<?, ?> its = calls.getLast();
      AtomicInteger here = new AtomicInteger();
      CompletableFuture<Void> look =
          CompletableFuture.runAsync(
              () -> {
                meet(here);
                boolean _ = its.endIfSlow(AT_ONCE, SLOW);
              });
      meet(here);
      heard.onHalfClose();
      look.get(20, TimeUnit.SECONDS);
      assertThat(List.copyOf(told)).hasSize(1);
      told.clear();
    }
  }

  /** Waits without sleeping, so that both go on at the same moment. */
  private static void meet(AtomicInteger here) {
    here.incrementAndGet();
    while (here.get() < 2 && !Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
  }
}
