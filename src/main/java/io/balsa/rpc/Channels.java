package io.balsa.rpc;

import io.balsa.bytes.HostPort;
import io.balsa.tls.ClientTls;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;

/** Makes the gRPC channels of clients, proxies and peers, and the threads they run on. */
public final class Channels {
  /** The longest time that opening a connection may take, in milliseconds. */
  public static final int CONNECT_MILLIS_MAX = 2_000;

  /** After how long a silence a ping is sent. */
  public static final int KEEP_ALIVE_SECONDS = 10;

  /** How long the answer to a ping may take. */
  public static final int KEEP_ALIVE_TIMEOUT_SECONDS = 2;

  private Channels() {}

  /**
   * Daemon threads that serve connections.
   *
   * @param threads how many, at least one
   * @param name the beginning of their names
   */
  public static EventLoopGroup eventLoops(int threads, String name) {
    return new MultiThreadIoEventLoopGroup(
        threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
  }

  /**
   * A channel. Its callbacks run on the event loop. A server that is silent for twelve seconds
   * loses the connection. gRPC repeats no call by itself: only the caller knows whether a call may
   * be sent twice. An IP address is never looked up as a name.
   *
   * @param address the server; it says whether TLS is spoken
   * @param loops threads that serve the connection
   * @param tls for an address with TLS
   */
  public static NettyChannelBuilder to(HostPort address, EventLoopGroup loops, ClientTls tls) {
    NettyChannelBuilder builder =
        address.isSecure()
            ? unconnected(address, tls.credentials())
            : unconnected(address, InsecureChannelCredentials.create());
    String name = tls.serverName();
    if (address.isSecure() && name != null) {
      builder.overrideAuthority(name);
    }
    return builder
        .eventLoopGroup(loops)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
        .directExecutor()
        .disableRetry()
        .disableServiceConfigLookUp()
        .proxyDetector(_ -> null)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private static NettyChannelBuilder unconnected(HostPort address, ChannelCredentials credentials) {
    if (address.isUnixSocket()) {
      return toSocket(UnixDomainSocketAddress.of(address.path()), credentials);
    }
    try {
      InetAddress literal = InetAddress.ofLiteral(address.host());
      return NettyChannelBuilder.forAddress(
              new InetSocketAddress(literal, address.port()), credentials)
          .channelType(NioSocketChannel.class);
    } catch (IllegalArgumentException _) { // a host name, which gRPC resolves on its own threads
      return NettyChannelBuilder.forAddress(address.host(), address.port(), credentials)
          .channelType(NioSocketChannel.class);
    }
  }

  /** A Unix socket does not know an option that gRPC sets; null takes it out. */
  @SuppressWarnings("NullAway")
  private static NettyChannelBuilder toSocket(
      UnixDomainSocketAddress path, ChannelCredentials credentials) {
    return NettyChannelBuilder.forAddress(path, credentials)
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
        .withOption(ChannelOption.SO_KEEPALIVE, null)
        .overrideAuthority("localhost");
  }
}
