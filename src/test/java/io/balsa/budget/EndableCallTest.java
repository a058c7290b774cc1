package io.balsa.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.ProtocolLimits;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
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

  /** A client that is refused at once would send its megabyte again at once. */
  @Test
  void theRefusalOfALargeRequestComesLate() {
    HandClock clock = new HandClock();
    AnswerBudget budget = new AnswerBudget(64 << 20, 1 << 20, clock);
    refuse(budget, ProtocolLimits.LARGE_REQUEST_BYTES + 1);
    assertThat(budget.requests().bytesServed()).as("the request is not kept").isZero();
    assertThat(told).isEmpty();
    clock.pass(999);
    assertThat(told).isEmpty();
    clock.pass(1);
    assertThat(told).containsExactly("RESOURCE_EXHAUSTED");
    refuse(budget, ProtocolLimits.LARGE_REQUEST_BYTES);
    assertThat(told).hasSize(2);
    for (int i = 0; i < 1_001; i++) {
      refuse(budget, ProtocolLimits.LARGE_REQUEST_BYTES + 1);
    }
    assertThat(told).as("1,000 wait at most").hasSize(3);
    clock.pass(1_000);
    assertThat(told).hasSize(1_003);
  }

  @Test
  void aRefusalComesWhileItsClientWaits() throws Exception {
    HandClock clock = new HandClock();
    AnswerBudget budget = new AnswerBudget(64 << 20, 1 << 20, clock);
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (var context = Context.current().withDeadlineAfter(800, TimeUnit.MILLISECONDS, timer)) {
      context.run(() -> refuse(budget, ProtocolLimits.LARGE_REQUEST_BYTES + 1));
    }
    timer.shutdownNow();
    clock.pass(400);
    assertThat(told).containsExactly("RESOURCE_EXHAUSTED");
  }

  @Test
  void aProxyAndTheEndOfTheProcessDoNotWaitForARefusal() {
    HandClock clock = new HandClock();
    AnswerBudget budget = new AnswerBudget(64 << 20, 1 << 20, clock);
    CallShare fromProxy = new CallShare(budget, new Connection(() -> {}));
    fromProxy.noteProxy();
    refuse(fromProxy, budget, ProtocolLimits.LARGE_REQUEST_BYTES + 1);
    assertThat(told).hasSize(1);
    refuse(budget, ProtocolLimits.LARGE_REQUEST_BYTES + 1);
    assertThat(told).hasSize(1);
    budget.lateRefusals().end();
    assertThat(told).hasSize(2);
    refuse(budget, ProtocolLimits.LARGE_REQUEST_BYTES + 1);
    assertThat(told).hasSize(3);
    clock.pass(1_000);
    assertThat(told).hasSize(3);
  }

  private void refuse(AnswerBudget budget, long bytes) {
    refuse(new CallShare(budget, new Connection(() -> {})), budget, bytes);
  }

  private void refuse(CallShare share, AnswerBudget budget, long bytes) {
    share.serverCallStarted(new PutInfo());
    ServerCall.Listener<PutRequest> call =
        EndableCall.start(client, new Metadata(), (_, _) -> service, calls::add, _ -> {}, share);
    share.inboundMessage(0);
    share.inboundWireSize(bytes);
    share.inboundMessageRead(0, bytes, bytes);
    call.onMessage(PutRequest.getDefaultInstance());
    assertThat(budget.requests().bytesServed()).isEqualTo(bytes);
    calls.getLast().close(Status.RESOURCE_EXHAUSTED, new Metadata());
  }

  private static final class PutInfo
      extends ServerStreamTracer.ServerCallInfo<PutRequest, PutResponse> {
    @Override
    public MethodDescriptor<PutRequest, PutResponse> getMethodDescriptor() {
      return KVGrpc.getPutMethod();
    }

    @Override
    public Attributes getAttributes() {
      return Attributes.EMPTY;
    }

    @Override
    public @Nullable String getAuthority() {
      return null;
    }
  }
}
