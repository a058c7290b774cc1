package io.balsa.front;

import io.balsa.bytes.Bytes;
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
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
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
  private static final int PIECE_BYTES = 64 << 10;

  private final HttpRoutes routes;
  private final FrontLimits limits;
  private final AnswerBudget budget;
  private final Connection connection;
  private final ClientFaults faults;
  private final Caller caller;
  private final Queue<Asked> waiting = new ArrayDeque<>();
  private @Nullable ScheduledFuture<?> deadline;
  private @Nullable Exchange open;
  private long arrived;
  private boolean receiving;
  private boolean answering;

  HttpConnection(
      HttpRoutes routes,
      FrontLimits limits,
      AnswerBudget budget,
      Connection connection,
      ClientFaults faults,
      Caller caller) {
    this.routes = routes;
    this.limits = limits;
    this.budget = budget;
    this.connection = connection;
    this.faults = faults;
    this.caller = caller;
  }

  /** A request and how its answer is to be sent. */
  private record Asked(HttpRequest request, boolean malformed, Manner manner, long arrived) {}

  /** How an answer is to be sent. */
  private record Manner(boolean keepAlive, boolean head) {}

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

  /** Stands before the requests are put together, and counts what there is of them. */
  ChannelHandler bodies() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext context, Object part) {
        if (part instanceof HttpContent content && content.content().isReadable()) {
          long more = (long) content.content().readableBytes() + Intake.PIECE_BYTES;
          arrived += more;
          budget.intake().add(connection, more);
        }
        context.fireChannelRead(part);
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
            request(request),
            request.decoderResult().isFailure(),
            new Manner(HttpUtil.isKeepAlive(request), request.method().equals(HttpMethod.HEAD)),
            arrived));
    arrived = 0;
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
      Manner last = new Manner(false, asked.manner().head());
      open = new Exchange(context, last, asked.arrived());
      open.send(HttpResponse.text(400, "400 Bad Request\n"));
    } else {
      answer(context, asked);
    }
  }

  private void answer(ChannelHandlerContext context, Asked asked) {
    Exchange exchange = new Exchange(context, asked.manner(), asked.arrived());
    open = exchange;
    try {
      routes.find(asked.request().path()).answer(asked.request(), exchange);
    } catch (RuntimeException e) { // thread root: a failing page fails its request alone
      faults.happened(ClientFaults.Kind.FAILED_PAGE, asked.request().path() + ": " + e);
      exchange.send(HttpResponse.text(500, "500 Internal Server Error\n"));
    }
    if (!exchange.keeps) {
      exchange.forgetRequest();
    }
  }

  /** The answer to the request in turn; what is written is written on the event loop. */
  private final class Exchange implements HttpExchange {
    private final ChannelHandlerContext context;
    private final Manner manner;
    private final CallShare share = new JsonShare(budget, connection);
    private final AtomicBoolean answered = new AtomicBoolean();
    private long requestBytes;
    private boolean keeps;
    private volatile Runnable ready = () -> {};
    private volatile Runnable gone = () -> {};

    Exchange(ChannelHandlerContext context, Manner manner, long requestBytes) {
      this.context = context;
      this.manner = manner;
      this.requestBytes = requestBytes;
    }

    @Override
    public void keepsRequest() {
      keeps = true;
    }

    /** On the event loop. */
    private void forgetRequest() {
      budget.intake().remove(connection, requestBytes);
      requestBytes = 0;
    }

    @Override
    public Share share() {
      return share;
    }

    @Override
    public void send(HttpResponse response) {
      if (answered.compareAndSet(false, true)) {
        share.sentAll(response.body().size());
        context.executor().execute(() -> sendNow(response));
      }
    }

    /** A long body goes out in pieces, so that one sees whether it moves. */
    private void sendNow(HttpResponse response) {
      if (!context.channel().isActive()) {
        share.end();
        return;
      }
      Bytes body = manner.head() ? Bytes.EMPTY : response.body();
      if (body.size() <= PIECE_BYTES) {
        finish(context.writeAndFlush(whole(response, manner)));
        return;
      }
      var _ = context.write(head(response, manner));
      for (int at = 0; at < body.size(); at += PIECE_BYTES) {
        Bytes piece = body.slice(at, Math.min(body.size(), at + PIECE_BYTES));
        writePiece(piece);
      }
      finish(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
    }

    private void writePiece(Bytes piece) {
      context
          .write(new DefaultHttpContent(Unpooled.wrappedBuffer(piece.buffer())))
          .addListener(
              written -> {
                share.left(piece.size());
                if (!written.isSuccess()) {
                  close(context); // there was no buffer for it, or the client has gone
                }
              });
    }

    private void finish(ChannelFuture written) {
      forgetRequest();
      written.addListener(_ -> share.end());
      ended(context, manner, written);
    }

    @Override
    public void begin(int status, String contentType) {
      if (answered.compareAndSet(false, true)) {
        var head =
            new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        HttpUtil.setTransferEncodingChunked(head, true);
        HttpUtil.setKeepAlive(head, manner.keepAlive());
        var _ = context.writeAndFlush(head);
        context.executor().execute(() -> listen(context));
      }
    }

    @Override
    public void write(Bytes piece) {
      share.sent(piece.size());
      context
          .executor()
          .execute(
              () -> {
                writePiece(piece);
                var _ = context.flush();
              });
    }

    @Override
    public void end() {
      context
          .executor()
          .execute(() -> finish(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)));
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

  private static HttpRequest request(FullHttpRequest request) {
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    Map<String, String> headers = new HashMap<>();
    request.headers().forEach(h -> headers.put(h.getKey().toLowerCase(Locale.ROOT), h.getValue()));
    Bytes body = Bytes.wrap(ByteBufUtil.getBytes(request.content()));
    return new HttpRequest(request.method().name(), uri.path(), uri.parameters(), headers, body);
  }

  private void ended(ChannelHandlerContext context, Manner manner, ChannelFuture written) {
    open = null;
    if (!manner.keepAlive()) {
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

  private static FullHttpResponse whole(HttpResponse response, Manner manner) {
    Bytes body = manner.head() ? Bytes.EMPTY : response.body();
    FullHttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(response.status()),
            Unpooled.wrappedBuffer(body.buffer()));
    setHeaders(message, response, manner);
    return message;
  }

  private static io.netty.handler.codec.http.HttpResponse head(
      HttpResponse response, Manner manner) {
    var head =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
    setHeaders(head, response, manner);
    return head;
  }

  private static void setHeaders(HttpMessage message, HttpResponse response, Manner manner) {
    response.headers().forEach((name, value) -> message.headers().set(name, value));
    message.headers().set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
    message.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().size());
    HttpUtil.setKeepAlive(message, manner.keepAlive());
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelDeadline();
    budget.intake().remove(connection);
    Exchange left = open;
    if (left != null) {
      left.share.end();
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
