package io.balsa.front;

import io.balsa.bytes.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection: a request, its answer, the next request. Once a further request waits,
 * nothing is read until the answer is there: a client that pipelines is held back by its own
 * socket.
 */
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private final HttpRoutes routes;
  private final FrontLimits limits;
  private final ClientFaults faults;
  private final Caller caller;
  private final Queue<Asked> waiting = new ArrayDeque<>();
  private @Nullable ScheduledFuture<?> deadline;
  private @Nullable Exchange open;
  private boolean receiving;
  private boolean answering;

  HttpConnection(HttpRoutes routes, FrontLimits limits, ClientFaults faults, Caller caller) {
    this.routes = routes;
    this.limits = limits;
    this.faults = faults;
    this.caller = caller;
  }

  /** A request and how its answer is to be sent. */
  private record Asked(HttpRequest request, boolean malformed, boolean keepAlive, boolean head) {}

  /** Stands before the codec and sees the first byte of a request, long before the request. */
  ChannelHandler firstByte() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (deadline != null && !receiving) {
          receiving = true;
          closeAfter(context, limits.requestMillis());
        }
        context.fireChannelRead(bytes);
      }
    };
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    closeAfter(context, limits.idleMillis());
  }

  private void closeAfter(ChannelHandlerContext context, long millis) {
    cancelDeadline();
    deadline = context.executor().schedule(() -> close(context), millis, TimeUnit.MILLISECONDS);
  }

  private static void close(ChannelHandlerContext context) {
    var _ = context.close();
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    cancelDeadline();
    waiting.add(
        new Asked(
            whole(request),
            request.decoderResult().isFailure(),
            HttpUtil.isKeepAlive(request),
            request.method().equals(HttpMethod.HEAD)));
    answerNext(context);
    if (!waiting.isEmpty()) {
      context.channel().config().setAutoRead(false);
    }
  }

  /** A client that leaves shows itself by the end of what it sends, so that is read. */
  private void listen(ChannelHandlerContext context) {
    if (answering && waiting.isEmpty()) {
      context.channel().config().setAutoRead(true);
    }
  }

  private void answerNext(ChannelHandlerContext context) {
    Asked asked = answering ? null : waiting.poll();
    if (asked == null) {
      return;
    }
    answering = true;
    caller.begins();
    context.channel().config().setAutoRead(false);
    if (asked.malformed()) {
      Asked last = new Asked(asked.request(), true, false, asked.head());
      send(context, last, HttpResponse.text(400, "400 Bad Request\n"));
    } else {
      answer(context, asked);
    }
  }

  private void answer(ChannelHandlerContext context, Asked asked) {
    Exchange exchange = new Exchange(context, asked);
    open = exchange;
    try {
      routes.find(asked.request().path()).answer(asked.request(), exchange);
    } catch (RuntimeException e) { // thread root: a failing page fails its request alone
      faults.happened(ClientFaults.Kind.FAILED_PAGE, asked.request().path() + ": " + e);
      exchange.send(HttpResponse.text(500, "500 Internal Server Error\n"));
    }
  }

  /** The answer to the request in turn; what is written is written on the event loop. */
  private final class Exchange implements HttpExchange {
    private final ChannelHandlerContext context;
    private final Asked asked;
    private final AtomicBoolean answered = new AtomicBoolean();
    private volatile Runnable ready = () -> {};
    private volatile Runnable gone = () -> {};

    Exchange(ChannelHandlerContext context, Asked asked) {
      this.context = context;
      this.asked = asked;
    }

    @Override
    public void send(HttpResponse response) {
      if (answered.compareAndSet(false, true)) {
        context.executor().execute(() -> HttpConnection.this.send(context, asked, response));
      }
    }

    @Override
    public void begin(int status, String contentType) {
      if (answered.compareAndSet(false, true)) {
        var head =
            new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        HttpUtil.setTransferEncodingChunked(head, true);
        HttpUtil.setKeepAlive(head, asked.keepAlive());
        var _ = context.writeAndFlush(head);
        context.executor().execute(() -> listen(context));
      }
    }

    @Override
    public void write(Bytes piece) {
      var _ = context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(piece.buffer())));
    }

    @Override
    public void end() {
      context
          .executor()
          .execute(
              () ->
                  ended(context, asked, context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)));
    }

    @Override
    public boolean isReady() {
      return context.channel().isWritable();
    }

    @Override
    public void whenReady(Runnable task) {
      ready = task;
    }

    @Override
    public void whenGone(Runnable task) {
      gone = task;
      if (!context.channel().isActive()) {
        task.run();
      } else if (!answered.get()) {
        context.executor().execute(() -> listen(context));
      }
    }
  }

  private static HttpRequest whole(FullHttpRequest request) {
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    Map<String, String> headers = new HashMap<>();
    request.headers().forEach(h -> headers.put(h.getKey().toLowerCase(Locale.ROOT), h.getValue()));
    Bytes body = Bytes.wrap(ByteBufUtil.getBytes(request.content()));
    return new HttpRequest(request.method().name(), uri.path(), uri.parameters(), headers, body);
  }

  private void send(ChannelHandlerContext context, Asked asked, HttpResponse response) {
    if (!context.channel().isActive()) {
      return;
    }
    ended(
        context, asked, context.writeAndFlush(message(response, asked.keepAlive(), asked.head())));
  }

  private void ended(ChannelHandlerContext context, Asked asked, ChannelFuture written) {
    open = null;
    if (!asked.keepAlive()) {
      written.addListener(ChannelFutureListener.CLOSE);
      return;
    }
    answering = false;
    caller.ends();
    receiving = false;
    answerNext(context);
    if (!answering) {
      closeAfter(context, limits.idleMillis());
      context.channel().config().setAutoRead(true);
    }
  }

  private static FullHttpResponse message(HttpResponse response, boolean keepAlive, boolean head) {
    ByteBuf body = head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body().buffer());
    FullHttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), body);
    response.headers().forEach((name, value) -> message.headers().set(name, value));
    message.headers().set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
    message.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().size());
    HttpUtil.setKeepAlive(message, keepAlive);
    return message;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelDeadline();
    Exchange left = open;
    if (left != null) {
      left.gone.run();
    }
    context.fireChannelInactive();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Exchange waiting = open;
    if (waiting != null && context.channel().isWritable()) {
      waiting.ready.run();
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    boolean left =
        cause instanceof IOException || cause instanceof PrematureChannelClosureException;
    if (!left) {
      faults.happened(ClientFaults.Kind.BROKEN_CONNECTION, cause.toString());
    }
    var _ = context.close();
  }
}
