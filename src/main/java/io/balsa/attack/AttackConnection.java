package io.balsa.attack;

import io.balsa.bytes.HostPort;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One connection of an attacking client. */
final class AttackConnection implements AutoCloseable {
  /** HTTP/2's initial window, so that the server soon has to hold unread answers back. */
  private static final int WINDOW = 65_535;

  private final ManagedChannel channel;
  private final AttackOutcomes tally;

  AttackConnection(HostPort address, EventLoopGroup loops, AttackOutcomes tally) {
    this.tally = tally;
    this.channel =
        NettyChannelBuilder.forAddress(address.host(), address.port())
            .usePlaintext()
            .eventLoopGroup(loops)
            .channelType(NioSocketChannel.class)
            .directExecutor()
            .disableRetry()
            .flowControlWindow(WINDOW)
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
  }

  ManagedChannel channel() {
    return channel;
  }

  /** Makes a call, reads the whole answer and returns the status. */
  <Q, A> Status ask(MethodDescriptor<Q, A> method, Q request, long limitMillis) {
    CompletableFuture<Status> ended = new CompletableFuture<>();
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(limitMillis, TimeUnit.MILLISECONDS);
    ClientCall<Q, A> call = channel.newCall(method, options);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(A message) {
            call.request(1);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.complete(status);
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(request);
    call.halfClose();
    Status status = ended.join();
    tally.add(status);
    return status;
  }

  /** Makes a call and never reads the answer. */
  <Q, A> ClientCall<Q, A> askUnread(MethodDescriptor<Q, A> method, Q request) {
    ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            tally.add(status);
          }
        },
        new Metadata());
    call.sendMessage(request);
    if (method.getType().clientSendsOneMessage()) {
      call.halfClose();
    }
    return call;
  }

  /** Makes a call as an ordinary client; throws its status. */
  <Q, A> A get(MethodDescriptor<Q, A> method, Q request, long limitMillis) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(limitMillis, TimeUnit.MILLISECONDS);
    return ClientCalls.blockingUnaryCall(channel, method, options, request);
  }

  /** Closes the connection and cancels its calls. */
  @Override
  public void close() {
    channel.shutdownNow();
  }
}
