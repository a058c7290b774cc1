package io.balsa.api;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Anybody can invent a token that makes a call wait until its server has caught up. */
class WaitingTokensTest extends AtServerWithUsers {
  private static final String TOO_MANY = "etcdserver: too many requests";
  private static final int OF_CONNECTION = 250;

  private static void begin(ManagedChannel channel, BlockingQueue<Status> ends) {
    var call = channel.newCall(KVGrpc.getRangeMethod(), CallOptions.DEFAULT);
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER), "x.1000000");
    call.start(
        new ClientCall.Listener<RangeResponse>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ends.add(status);
          }
        },
        metadata);
    call.request(1);
    call.sendMessage(range("a"));
    call.halfClose();
  }

  @Test
  void oneConnectionHasAQuarterOfThePlaces() throws Exception {
    ManagedChannel other =
        NettyChannelBuilder.forAddress("127.0.0.1", one.port()).usePlaintext().build();
    try {
      BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
      for (int i = 0; i < 2 * OF_CONNECTION; i++) {
        begin(channel, ends);
      }
      until(() -> ends.size() >= OF_CONNECTION);
      BlockingQueue<Status> otherEnds = new LinkedBlockingQueue<>();
      begin(other, otherEnds);
      Status end = otherEnds.poll(20, TimeUnit.SECONDS);
      assertThat(end).isNotNull();
      assertThat(end.getDescription()).isNotEqualTo(TOO_MANY);
      assertThat(ends).filteredOn(each -> TOO_MANY.equals(each.getDescription())).isNotEmpty();
    } finally {
      other.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }
}
