package io.balsa.client;

import io.balsa.bytes.HostPort;
import io.balsa.rpc.Channels;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One server's client address: a connection for unary calls, and more connections for streams and
 * large answers. Each is made when it is first needed.
 */
public final class Endpoint {
  /** How many streams share a connection if they are always read at once. */
  private static final int SHARING_MAX = 200;

  private static final int SHARED_MAX = 64;

  /** A server lets one connection hold one large answer at a time, so large reads get several. */
  private static final int READS_MAX = 8;

  /** How many streams that clients read at their own pace get a connection each. */
  private static final int ALONE_MAX = 32;

  /** The largest part of a response that a server sends in parts. */
  private static final int PART_BYTES_MAX = 4 << 20;

  private static final int IDLE_SECONDS = 30;
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final HostPort address;
  private final ManagedChannel channel;
  private final ResetRate resets = new ResetRate();
  private final ChannelPool shared;
  private final ChannelPool alone;
  private final ChannelPool reads;
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean remembers;
  private volatile long applied;

  Endpoint(HostPort address, EventLoopGroup group, ClientSettings settings, @Nullable Login login) {
    this.address = address;
    Supplier<NettyChannelBuilder> builder =
        () -> {
          NettyChannelBuilder to = settings.applyTo(Channels.to(address, group, settings.tls()));
          return login == null ? to : to.intercept(login);
        };
    this.channel = builder.get().build();
    Supplier<ManagedChannel> opener =
        () ->
            builder
                .get()
                .maxInboundMessageSize(Math.max(PART_BYTES_MAX, settings.receiveBytesMax()))
                .idleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                .build();
    this.shared = new ChannelPool(opener, SHARING_MAX, SHARED_MAX);
    this.alone = new ChannelPool(opener, 1, ALONE_MAX);
    this.reads = new ChannelPool(opener, 1, READS_MAX);
  }

  /** Where the server listens for clients. */
  public HostPort address() {
    return address;
  }

  /** A call to this server, not started yet. The mark tells whether it was sent. */
  public <Q, A> ClientCall<Q, A> call(MethodDescriptor<Q, A> method, SentMark mark) {
    return channel.newCall(method, CallOptions.DEFAULT.withStreamTracerFactory(mark));
  }

  /** A connection for a stream whose messages are read at once, even if its client is slow. */
  public PooledChannel sharedChannel() {
    return shared.take();
  }

  /** A connection for a unary call whose answer may be large. Few calls share it. */
  public PooledChannel readChannel() {
    return reads.take();
  }

  /**
   * A connection for a stream that its client reads at its own pace. The stream does not share it
   * while there are few such streams.
   */
  public PooledChannel ownChannel() {
    return alone.take();
  }

  <Q, A> ClientCall<Q, A> call(MethodDescriptor<Q, A> method, SentMark mark, long timeoutNanos) {
    CallOptions options =
        CallOptions.DEFAULT
            .withStreamTracerFactory(mark)
            .withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS);
    return channel.newCall(method, options);
  }

  <Q, A> Answers<A> answers(MethodDescriptor<Q, A> method, Q request) {
    return new Answers<>(
        ClientCalls.blockingV2ServerStreamingCall(channel, method, CallOptions.DEFAULT, request),
        address);
  }

  /** Notes that a message came from the server. */
  public void heard() {
    heardNanos = System.nanoTime();
  }

  /** Notes what the headers of an answer say about names of writes. */
  public void heard(Metadata headers) {
    if (!remembers && WriteNames.areUnderstood(headers)) {
      remembers = true;
    }
    long said = WriteNames.appliedIn(headers);
    if (said > applied) {
      applied = said;
    }
  }

  /** The highest index that the server is known to have applied; 0 for none. */
  public long applied() {
    return applied;
  }

  /** Whether the server said that it does a write with a name once; see {@link WriteNames}. */
  public boolean remembers() {
    return remembers;
  }

  /**
   * Asks for permission to cancel a unary call. A server ends the connections of clients that reset
   * too many calls.
   *
   * @return false when too many were cancelled lately
   */
  public boolean mayReset() {
    return resets.take(System.nanoTime());
  }

  /** Whether the server has sent nothing for half a second. */
  public boolean isQuiet() {
    return System.nanoTime() - heardNanos > QUIET_NANOS;
  }

  /** When the last message came, by {@link System#nanoTime}. */
  long heardNanos() {
    return heardNanos;
  }

  /** Whether a URL is this address. */
  boolean isAt(String url) {
    return ClusterMonitor.isAddress(address, url);
  }

  /** Whether there is a connection now. */
  public boolean connected() {
    return channel.getState(false) == ConnectivityState.READY;
  }

  /** Connects now, without gRPC's back-off. */
  void connectNow() {
    channel.resetConnectBackoff();
    channel.getState(true);
  }

  /** Runs a task whenever the connection is made or lost, until the endpoint is closed. */
  void onConnection(Runnable task) {
    ConnectivityState state = channel.getState(true);
    if (state != ConnectivityState.SHUTDOWN) {
      channel.notifyWhenStateChanged(state, () -> changed(state, task));
    }
  }

  private void changed(ConnectivityState before, Runnable task) {
    ConnectivityState now = channel.getState(false);
    if (before == ConnectivityState.READY || now == ConnectivityState.READY) {
      task.run();
    }
    onConnection(task);
  }

  void close() {
    channel.shutdownNow();
    shared.close();
    alone.close();
    reads.close();
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
