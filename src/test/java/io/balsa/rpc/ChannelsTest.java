package io.balsa.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.tls.ClientTls;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels to a server, to a message that is too large, to nobody, and to no host. */
class ChannelsTest {
  private static final MethodDescriptor<Bytes, Bytes> METHOD =
      BytesMarshaller.raw(KVGrpc.getRangeMethod());

  private final EventLoopGroup loops = Channels.eventLoops(1, "channels-test");
  private final AtomicInteger calls = new AtomicInteger();

  @AfterEach
  void end() throws InterruptedException {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
  }

  private Server server(Status failure) throws Exception {
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .addService(
            ServerServiceDefinition.builder(KVGrpc.SERVICE_NAME)
                .addMethod(
                    METHOD,
                    ServerCalls.asyncUnaryCall(
                        (request, observer) -> {
                          calls.incrementAndGet();
                          if (failure.isOk()) {
                            observer.onNext(request);
                            observer.onCompleted();
                          } else {
                            observer.onError(failure.asRuntimeException());
                          }
                        }))
                .build())
        .build()
        .start();
  }

  private Bytes ask(String host, int port, int answerBytesMax) {
    ManagedChannel channel =
        Channels.to(new HostPort(host, port), loops, ClientTls.OF_SYSTEM)
            .maxInboundMessageSize(answerBytesMax)
            .build();
    try {
      Bytes request = Bytes.wrap(RangeRequest.newBuilder().setLimit(77).build().toByteArray());
      return ClientCalls.blockingUnaryCall(channel, METHOD, CallOptions.DEFAULT, request);
    } finally {
      channel.shutdownNow();
    }
  }

  private Status failureOf(String host, int port, int answerBytesMax) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> ask(host, port, answerBytesMax))
        .getStatus();
  }

  @Test
  void aServerIsReachedByItsAddressAndByItsName() throws Exception {
    Server server = server(Status.OK);
    try {
      assertThat(ask("127.0.0.1", server.getPort(), 100).isEmpty()).isFalse();
      assertThat(ask("localhost", server.getPort(), 100).isEmpty()).isFalse();
      assertThat(GrpcFailure.isTooLarge(failureOf("127.0.0.1", server.getPort(), 1))).isTrue();
    } finally {
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void aCallThatFailsIsNotRepeated() throws Exception {
    Server server = server(Status.UNAVAILABLE.withDescription("etcdserver: not now"));
    try {
      Status failure = failureOf("127.0.0.1", server.getPort(), 100);
      assertThat(GrpcFailure.isServersOwn(failure)).isTrue();
      assertThat(calls).hasValue(1);
    } finally {
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void thePortOfNobodyRefuses() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Status failure = failureOf("127.0.0.1", port, 100);
    assertThat(failure.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(GrpcFailure.textWithCause(failure)).contains("Connection refused");
  }

  @Test
  void aNameWithoutAnAddressIsSaidToBeUnresolved() {
    GrpcLogs.quietChannels();
    Status failure = failureOf("nowhere.invalid", 1, 100);
    assertThat(GrpcFailure.unresolvedHost(failure)).contains("nowhere.invalid");
  }
}
