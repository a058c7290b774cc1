package io.balsa.front;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.balsa.budget.Connection;
import io.balsa.budget.Connections;
import io.balsa.budget.RequestBudget;
import io.balsa.frames.Http2Frames;
import io.balsa.tls.ServerTls;
import io.grpc.Attributes;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.InternalWriteBufferingAndExceptionHandlerUtils;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets gRPC and HTTP/1.1 share a port. A connection with the HTTP/2 preface goes to grpc-netty. One
 * that can begin an HTTP/1.1 request gets a pipeline of its own. Any other is closed. With TLS,
 * these are the first bytes after the handshake: a client need not say its protocol in the
 * handshake.
 *
 * <p>Beside the room {@code tls}, only this class uses internal classes of grpc-netty. The build
 * pins its version, and {@code FrontServerTest} shows whether another version works.
 */
final class Sniffer implements ProtocolNegotiator {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  private final ProtocolNegotiator grpc = InternalProtocolNegotiators.serverPlaintext();
  private final long prefaceMillis;
  private final Connections connections;
  private final RequestBudget requests;
  private final BiConsumer<ChannelHandlerContext, Connection> http;
  private final ClientFaults faults;
  private final ConnectionLimit limit;
  private final @Nullable ServerTls tls;

  /**
   * @param prefaceMillis how long the first bytes of a connection, and the headers of a call, may
   *     take
   * @param connections the connections that have shown their protocol are added
   * @param requests counts requests while they arrive
   * @param http adds the HTTP/1.1 handlers after the given context
   * @param limit counts the connections that their listening socket has not counted
   * @param tls what the connections are enciphered with; null for none
   */
  Sniffer(
      long prefaceMillis,
      Connections connections,
      RequestBudget requests,
      BiConsumer<ChannelHandlerContext, Connection> http,
      ClientFaults faults,
      ConnectionLimit limit,
      @Nullable ServerTls tls) {
    this.prefaceMillis = prefaceMillis;
    this.connections = connections;
    this.requests = requests;
    this.http = http;
    this.faults = faults;
    this.limit = limit;
    this.tls = tls;
  }

  @Override
  public AsciiString scheme() {
    return tls == null ? grpc.scheme() : AsciiString.of("https");
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler handler) {
    FirstBytes first = new FirstBytes(handler);
    return tls == null
        ? first
        : tls.before(first, why -> faults.happened(ClientFaults.Kind.FAILED_HANDSHAKE, why));
  }

  @Override
  public void close() {
    grpc.close();
  }

  /**
   * Holds a connection's first bytes, and grpc-netty's start event, until the protocol is known.
   */
  private final class FirstBytes extends ByteToMessageDecoder {
    private final GrpcHttp2ConnectionHandler handler;
    private @Nullable ProtocolNegotiationEvent start;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean dropped;

    FirstBytes(GrpcHttp2ConnectionHandler handler) {
      this.handler = handler;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      deadline =
          context.executor().schedule(() -> tooSlow(context), prefaceMillis, TimeUnit.MILLISECONDS);
      Channel channel = context.channel();
      if (!ClientConnection.isCounted(channel) && !limit.admit(channel, channel.remoteAddress())) {
        drop(context);
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
      if (start == null && event instanceof ProtocolNegotiationEvent known) {
        start = known;
      } else {
        super.userEventTriggered(context, event);
      }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      int same = prefaceBytes(in);
      if (dropped) {
        in.skipBytes(in.readableBytes());
      } else if (same == PREFACE.length) {
        toGrpc(context, in);
      } else if (same < in.readableBytes()) {
        if (isMethodLetter(in.getByte(in.readerIndex())) && same < "PRI ".length()) {
          toHttp(context);
        } else {
          faults.happened(ClientFaults.Kind.BROKEN_CONNECTION, "neither HTTP/2 nor HTTP/1.1");
          drop(context);
        }
      }
    }

    private static int prefaceBytes(ByteBuf in) {
      int most = Math.min(in.readableBytes(), PREFACE.length);
      int same = 0;
      while (same < most && in.getByte(in.readerIndex() + same) == PREFACE[same]) {
        same++;
      }
      return same;
    }

    private static boolean isMethodLetter(byte first) {
      return first >= 'A' && first <= 'Z';
    }

    private void toGrpc(ChannelHandlerContext context, ByteBuf in) {
      cancelDeadline();
      Connection connection = note(context);
      Http2Frames frames = new Http2Frames();
      frames.came(in, in.readerIndex() + PREFACE.length);
      context
          .pipeline()
          .addBefore(
              context.name(),
              null,
              new GrpcFlowControl(
                  connection, requests, this::unasked, frames, prefaceMillis, faults));
      context.pipeline().addAfter(context.name(), null, grpc.newHandler(handler));
      context.pipeline().addLast(new MessageBundle.Opener());
      handler.connection().addListener(new Streams(ClientConnection.of(context.channel()), faults));
      if (start != null) {
        context.fireUserEventTriggered(with(connection, start));
      }
      context.pipeline().remove(this);
    }

    private int unasked() {
      return handler
          .decoder()
          .flowController()
          .unconsumedBytes(handler.connection().connectionStream());
    }

    private Connection note(ChannelHandlerContext context) {
      Connection connection = new Connection(() -> cut(context.channel()));
      connections.add(connection);
      context.channel().closeFuture().addListener(_ -> connections.remove(connection));
      return connection;
    }

    /**
     * Closes from the first handler: the HTTP/2 handler would wait until the client has read its
     * open calls.
     */
    private static void cut(Channel channel) {
      ChannelHandlerContext first = channel.pipeline().firstContext();
      if (first != null) {
        var _ = first.close();
      }
    }

    /** Adds the connection to the attributes of its calls. */
    private static ProtocolNegotiationEvent with(
        Connection connection, ProtocolNegotiationEvent start) {
      Attributes attributes = InternalProtocolNegotiationEvent.getAttributes(start);
      return InternalProtocolNegotiationEvent.withAttributes(
          start, attributes.toBuilder().set(Connection.KEY, connection).build());
    }

    private void toHttp(ChannelHandlerContext context) {
      cancelDeadline();
      // tells grpc-netty's transport that it is not needed, so that it releases the channel
      handler.notifyUnused();
      InternalWriteBufferingAndExceptionHandlerUtils.writeBufferingAndRemove(context.channel());
      http.accept(context, note(context));
      context.pipeline().remove(this);
    }

    private void tooSlow(ChannelHandlerContext context) {
      faults.happened(ClientFaults.Kind.SLOW_REQUEST, "a connection that shows no protocol");
      drop(context);
    }

    private void drop(ChannelHandlerContext context) {
      cancelDeadline();
      dropped = true;
      var _ = context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      cancelDeadline();
      super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // a connection that breaks before it shows its protocol is not a fault worth counting
      drop(context);
    }

    private void cancelDeadline() {
      if (deadline != null) {
        deadline.cancel(false);
        deadline = null;
      }
    }
  }

  /** Counts the open streams of a connection, and the floods that gRPC ends. */
  private static final class Streams extends Http2ConnectionAdapter {
    private final ClientConnection client;
    private final ClientFaults faults;

    Streams(ClientConnection client, ClientFaults faults) {
      this.client = client;
      this.faults = faults;
    }

    /** gRPC ends floods of resets and of early pings so. */
    @Override
    public void onGoAwaySent(int lastStream, long error, ByteBuf why) {
      if (error == Http2Error.ENHANCE_YOUR_CALM.code()) {
        faults.happened(ClientFaults.Kind.FLOOD, why.toString(US_ASCII));
      }
    }

    @Override
    public void onStreamActive(Http2Stream stream) {
      client.begins();
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
      client.ends();
    }
  }
}
