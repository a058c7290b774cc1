package io.balsa.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeStreamResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Streams that are given up. */
class CancellationTest {
  private static final int MESSAGES = 20;

  private final CountDownLatch sent = new CountDownLatch(1);

  /** Sends more than its client asks for. */
  private final class Generous extends KVGrpc.KVImplBase {
    @Override
    public void rangeStream(RangeRequest request, StreamObserver<RangeStreamResponse> answers) {
      byte[] unknown = new byte[1_000];
      var message =
          RangeStreamResponse.newBuilder()
              .setUnknownFields(
                  UnknownFieldSet.newBuilder()
                      .addField(
                          1_000,
                          UnknownFieldSet.Field.newBuilder()
                              .addLengthDelimited(ByteString.copyFrom(unknown))
                              .build())
                      .build())
              .build();
      for (int i = 0; i < MESSAGES; i++) {
        answers.onNext(message);
      }
      sent.countDown();
    }
  }

  /** The client's side of a call: whether an answer has come, and whether the call has ended. */
  private static final class Answers extends ClientCall.Listener<RangeStreamResponse> {
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public void onMessage(RangeStreamResponse message) {
      first.countDown();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      closed.countDown();
    }
  }

  @Test
  void aStreamWhoseConnectionWasLostEndsThoughMuchOfItIsUnread() throws Exception {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Generous())
            .build()
            .start();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(server.getListenSockets().getFirst())
            .usePlaintext()
            .directExecutor()
            .build();
    Answers answers = new Answers();
    try {
      ClientCall<RangeRequest, RangeStreamResponse> call =
          channel.newCall(KVGrpc.getRangeStreamMethod(), CallOptions.DEFAULT);
      call.start(answers, new Metadata());
      call.request(1);
      call.sendMessage(RangeRequest.getDefaultInstance());
      call.halfClose();
      assertThat(answers.first.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(sent.await(10, TimeUnit.SECONDS)).isTrue();
      server.shutdownNow().awaitTermination();
      // gRPC waits as a rule; it does not when the system still held the unread bytes
      var _ = answers.closed.await(300, TimeUnit.MILLISECONDS);
      Cancellation.cancel(call, "not wanted", null);
      assertThat(answers.closed.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }
}
