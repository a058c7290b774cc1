package io.balsa.front;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.function.Consumer;

/**
 * Builds the handlers of an HTTP/1.1 connection: bytes, requests, whole requests, one at a time.
 */
final class HttpPipeline implements Consumer<ChannelHandlerContext> {
  private static final int HEADER_BYTES = 64 * 1024;

  private final HttpRoutes routes;
  private final FrontLimits limits;
  private final ChannelGroup connections;
  private final ClientFaults faults;

  /**
   * @param connections where each connection is noted, to be closed with the server
   */
  HttpPipeline(
      HttpRoutes routes, FrontLimits limits, ChannelGroup connections, ClientFaults faults) {
    this.routes = routes;
    this.limits = limits;
    this.connections = connections;
    this.faults = faults;
  }

  @Override
  public void accept(ChannelHandlerContext context) {
    connections.add(context.channel());
    HttpDecoderConfig decoder =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(HEADER_BYTES)
            .setMaxHeaderSize(HEADER_BYTES);
    HttpConnection connection =
        new HttpConnection(routes, limits, faults, Caller.of(context.channel()));
    ChannelPipeline pipeline = context.pipeline();
    pipeline.addLast(connection.firstByte());
    pipeline.addLast(new HttpServerCodec(decoder));
    pipeline.addLast(new HttpObjectAggregator(limits.bodyBytes()));
    pipeline.addLast(connection);
  }
}
