package io.balsa.client;

import io.balsa.rpc.Channels;
import io.balsa.tls.ClientTls;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a client holds its connections.
 *
 * @param dialTimeout the longest time that opening a connection may take
 * @param keepAliveTime after which silence a ping is sent; gRPC takes at least 10 s
 * @param keepAliveTimeout how long the answer to a ping may take
 * @param receiveBytesMax the largest answer that is accepted, in bytes
 * @param sendBytesMax the largest request that is sent, in bytes
 * @param credentials who the client is; null for a client that names no user
 * @param tls for addresses with TLS
 */
public record ClientSettings(
    Duration dialTimeout,
    Duration keepAliveTime,
    Duration keepAliveTimeout,
    int receiveBytesMax,
    int sendBytesMax,
    @Nullable Credentials credentials,
    ClientTls tls) {
  /** What a client has when nothing else was asked for. */
  public static final ClientSettings DEFAULT =
      new ClientSettings(
          Duration.ofMillis(Channels.CONNECT_MILLIS_MAX),
          Duration.ofSeconds(Channels.KEEP_ALIVE_SECONDS),
          Duration.ofSeconds(Channels.KEEP_ALIVE_TIMEOUT_SECONDS),
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          null,
          ClientTls.OF_SYSTEM);

  /** The same with another bound for answers. */
  public ClientSettings receiving(int bytesMax) {
    return new ClientSettings(
        dialTimeout, keepAliveTime, keepAliveTimeout, bytesMax, sendBytesMax, credentials, tls);
  }

  /** The same with other settings for TLS. */
  public ClientSettings with(ClientTls other) {
    return new ClientSettings(
        dialTimeout,
        keepAliveTime,
        keepAliveTimeout,
        receiveBytesMax,
        sendBytesMax,
        credentials,
        other);
  }

  /** The same for another user; null for none. */
  public ClientSettings as(@Nullable Credentials other) {
    return new ClientSettings(
        dialTimeout, keepAliveTime, keepAliveTimeout, receiveBytesMax, sendBytesMax, other, tls);
  }

  NettyChannelBuilder applyTo(NettyChannelBuilder channel) {
    return channel
        .withOption(
            ChannelOption.CONNECT_TIMEOUT_MILLIS,
            Math.toIntExact(Math.clamp(dialTimeout.toMillis(), 1, Integer.MAX_VALUE)))
        .keepAliveTime(keepAliveTime.toNanos(), TimeUnit.NANOSECONDS)
        .keepAliveTimeout(keepAliveTimeout.toNanos(), TimeUnit.NANOSECONDS)
        .maxInboundMessageSize(receiveBytesMax);
  }
}
