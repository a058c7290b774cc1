package io.balsa.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Connections to one server for streams and large answers, apart from the one for unary calls.
 * There are three reasons. A stream that is not read holds back all calls on its connection. A
 * server ends the connection of a client that resets too many streams. A server lets a connection
 * hold one large answer at a time.
 *
 * <p>gRPC closes a connection without streams after a while. Safe for all threads.
 */
final class ChannelPool {
  private final Supplier<ManagedChannel> opener;
  private final int usersMax;
  private final int channelsMax;
  private final List<Connection> channels = new ArrayList<>();
  private boolean closed;

  /**
   * @param usersMax how many streams share a connection before another one is opened
   * @param channelsMax the most connections; beyond it, streams share the least used ones
   */
  ChannelPool(Supplier<ManagedChannel> opener, int usersMax, int channelsMax) {
    this.opener = opener;
    this.usersMax = usersMax;
    this.channelsMax = channelsMax;
  }

  /** A place on a connection. The caller must release it. */
  synchronized PooledChannel take() {
    Connection best = null;
    for (Connection pooled : channels) {
      if (best == null || pooled.users < best.users) {
        best = pooled;
      }
    }
    if (best == null || (best.users >= usersMax && channels.size() < channelsMax)) {
      best = new Connection(opener.get());
      channels.add(best);
      if (closed) {
        best.channel.shutdownNow();
      }
    }
    best.users++;
    return best;
  }

  synchronized void close() {
    closed = true;
    channels.forEach(pooled -> pooled.channel.shutdownNow());
  }

  /** One connection, made when first needed. */
  final class Connection implements PooledChannel {
    private final ManagedChannel channel;
    private int users;

    private Connection(ManagedChannel channel) {
      this.channel = channel;
    }

    @Override
    public <Q, A> ClientCall<Q, A> call(MethodDescriptor<Q, A> method, SentMark mark) {
      if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
        channel.resetConnectBackoff(); // a caller wants the connection now, not after the back-off
      }
      return channel.newCall(method, CallOptions.DEFAULT.withStreamTracerFactory(mark));
    }

    @Override
    public void release() {
      synchronized (ChannelPool.this) {
        users--;
      }
    }
  }
}
