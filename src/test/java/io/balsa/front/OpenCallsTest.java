package io.balsa.front;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.budget.AnswerBudget;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrantResponse;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A port that stops ends all open calls with a status. */
class OpenCallsTest {
  private static final String STOPPED = "UNAVAILABLE: etcdserver: server stopped";

  private final List<String> told = new CopyOnWriteArrayList<>();
  private FrontServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws FrontFailure {
    server =
        FrontServer.start(
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            List.of(new Waits().bindService()),
            List.of(),
            new HttpRoutes(),
            FrontLimits.DEFAULT);
    channel = NettyChannelBuilder.forAddress(server.addresses().getFirst()).usePlaintext().build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.stop(Duration.ZERO);
  }

  @Test
  void aStreamEndsWithoutAGrace() throws Exception {
    Ends<LeaseKeepAliveResponse> ends = new Ends<>();
    StreamObserver<LeaseKeepAliveRequest> stream = LeaseGrpc.newStub(channel).leaseKeepAlive(ends);
    stream.onNext(LeaseKeepAliveRequest.getDefaultInstance());
    until(() -> told.contains("asked"));

    CompletableFuture<Void> drained =
        CompletableFuture.runAsync(
            () -> server.drain(Duration.ofMinutes(1)), Thread::startVirtualThread);
    assertThatThrownBy(() -> ends.end.get(20, TimeUnit.SECONDS)).hasMessageEndingWith(STOPPED);
    until(() -> told.contains("gone"));
    drained.get(20, TimeUnit.SECONDS);
  }

  @Test
  void aCallThatIsNotAnsweredInTimeEndsAfterIt() throws Exception {
    Ends<LeaseGrantResponse> ends = new Ends<>();
    LeaseGrpc.newStub(channel).leaseGrant(LeaseGrantRequest.getDefaultInstance(), ends);
    until(() -> told.contains("asked"));

    server.drain(Duration.ofMillis(50));
    assertThatThrownBy(() -> ends.end.get(20, TimeUnit.SECONDS)).hasMessageEndingWith(STOPPED);
    until(() -> told.contains("gone"));
  }

  @Test
  void anAnswerWithinTheGraceArrives() throws Exception {
    Ends<LeaseGrantResponse> ends = new Ends<>();
    LeaseGrpc.newStub(channel).leaseGrant(LeaseGrantRequest.newBuilder().setTTL(1).build(), ends);
    until(() -> told.contains("asked"));

    CompletableFuture<Void> drained =
        CompletableFuture.runAsync(
            () -> server.drain(Duration.ofMinutes(1)), Thread::startVirtualThread);
    ends.end.get(20, TimeUnit.SECONDS);
    drained.get(20, TimeUnit.SECONDS);
  }

  @Test
  void connectionsWithManyCallsLeavePlacesForTheOthers() {
    assertThat(OpenCalls.isTooMany(12_000, 4_000, () -> 5, 16_000))
        .as("nobody is in need")
        .isFalse();
    assertThat(OpenCalls.isTooMany(12_001, 801, () -> 5, 16_000)).as("beyond its part").isTrue();
    assertThat(OpenCalls.isTooMany(15_999, 800, () -> 5, 16_000)).as("within its part").isFalse();
    assertThat(OpenCalls.isTooMany(12_001, 1, () -> 10_000, 16_000)).as("the only one").isFalse();
    assertThat(OpenCalls.isTooMany(16_001, 1, () -> 1, 16_000)).as("no place at all").isTrue();
  }

  /** Clients make calls until they have heard that the port stops. */
  @Test
  void whatComesTooLateIsToldSoToo() throws Exception {
    OpenCalls calls = new OpenCalls(new AnswerBudget(1 << 20, 1 << 20), 100, new ClientFaults());
    Server late =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Waits())
            .intercept(calls)
            .build()
            .start();
    ManagedChannel client =
        NettyChannelBuilder.forAddress(late.getListenSockets().getFirst()).usePlaintext().build();
    try {
      calls.endStreams();
      Ends<LeaseKeepAliveResponse> stream = new Ends<>();
      var _ = LeaseGrpc.newStub(client).leaseKeepAlive(stream);
      assertThatThrownBy(() -> stream.end.get(20, TimeUnit.SECONDS)).hasMessageEndingWith(STOPPED);
      until(() -> told.contains("gone"));
      Ends<LeaseGrantResponse> inTime = new Ends<>();
      LeaseGrpc.newStub(client)
          .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(1).build(), inTime);
      inTime.end.get(20, TimeUnit.SECONDS);

      calls.endAll();
      Ends<LeaseGrantResponse> tooLate = new Ends<>();
      LeaseGrpc.newStub(client).leaseGrant(LeaseGrantRequest.getDefaultInstance(), tooLate);
      assertThatThrownBy(() -> tooLate.end.get(20, TimeUnit.SECONDS)).hasMessageEndingWith(STOPPED);
      assertThat(told).containsExactly("gone", "asked");
    } finally {
      client.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      late.shutdownNow().awaitTermination();
    }
  }

  /** Answers only a grant of one second, after 0.1 seconds. */
  private final class Waits extends LeaseGrpc.LeaseImplBase {
    @Override
    public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> observer) {
      ((ServerCallStreamObserver<LeaseGrantResponse>) observer)
          .setOnCancelHandler(() -> told.add("gone"));
      told.add("asked");
      if (request.getTTL() == 1) {
        CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
            .execute(
                () -> {
                  observer.onNext(LeaseGrantResponse.getDefaultInstance());
                  observer.onCompleted();
                });
      }
    }

    @Override
    public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
        StreamObserver<LeaseKeepAliveResponse> observer) {
      return new StreamObserver<>() {
        @Override
        public void onNext(LeaseKeepAliveRequest request) {
          told.add("asked");
        }

        @Override
        public void onError(Throwable failure) {
          told.add("gone");
        }

        @Override
        public void onCompleted() {
          told.add("completed");
        }
      };
    }
  }

  /** How a call ends. */
  private static final class Ends<A> implements StreamObserver<A> {
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    @Override
    public void onNext(A answer) {}

    @Override
    public void onError(Throwable failure) {
      end.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      end.complete(null);
    }
  }
}
