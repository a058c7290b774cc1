package io.balsa.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The proxy keeps few keepalive answers for a client that does not read them. */
@SharesCores
@Timeout(120)
class UnreadKeepAlivesTest extends BeforeRealServers {
  private static final int MOST = 10_000;

  @Override
  NettyChannelBuilder as(NettyChannelBuilder builder) {
    return builder.flowControlWindow(65_535);
  }

  /** A small window, so that few requests fill it. */
  private static final UnknownFieldSet PADDING =
      UnknownFieldSet.newBuilder()
          .addField(
              1_000,
              UnknownFieldSet.Field.newBuilder()
                  .addLengthDelimited(ByteString.copyFrom(new byte[1_000]))
                  .build())
          .build();

  /** Counts the answers that the client has read, and notes how the call ended. */
  private static final class Answers extends ClientCall.Listener<LeaseKeepAliveResponse> {
    private final AtomicInteger count = new AtomicInteger();
    private final CompletableFuture<Status> ended = new CompletableFuture<>();

    @Override
    public void onMessage(LeaseKeepAliveResponse answer) {
      count.incrementAndGet();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended.complete(status);
    }
  }

  @Test
  void theyAreNotAskedForMoreUntilTheyRead() throws Exception {
    long lease =
        LeaseGrpc.newBlockingStub(channel)
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(600).build())
            .getID();
    LeaseKeepAliveRequest request =
        LeaseKeepAliveRequest.newBuilder().setID(lease).setUnknownFields(PADDING).build();
    ClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call =
        channel.newCall(LeaseGrpc.getLeaseKeepAliveMethod(), CallOptions.DEFAULT);
    Answers answers = new Answers();
    call.start(answers, new Metadata());

    int sent = 0;
    for (int still = 0; still < 2_000 && sent < MOST; ) {
      if (call.isReady()) {
        call.sendMessage(request);
        sent++;
        still = 0;
      } else {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        still++;
      }
    }
    assertThat(sent).isLessThan(MOST);
    assertThat(answers.count).hasValue(0);

    call.request(MOST);
    call.halfClose();
    assertThat(answers.ended.get(60, TimeUnit.SECONDS).isOk()).isTrue();
    assertThat(answers.count).hasValue(sent);
  }
}
