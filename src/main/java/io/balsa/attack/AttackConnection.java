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

/** One connection of a client that does not behave. */
final class AttackConnection implements AutoCloseable {
  /** The least that HTTP/2 allows at the start: an unread answer is soon held back. */
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

  /** Makes a call, reads its whole answer and waits for its end; its status. */
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

  /** Makes a call and never reads what is answered. */
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

  /** As an ordinary client would; fails with the status. */
  <Q, A> A get(MethodDescriptor<Q, A> method, Q request, long limitMillis) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(limitMillis, TimeUnit.MILLISECONDS);
    return ClientCalls.blockingUnaryCall(channel, method, options, request);
  }

  /** Breaks the connection off with all its calls. */
  @Override
  public void close() {
    channel.shutdownNow();
  }
}
