package io.balsa.front;

import io.balsa.budget.AnswerBudget;
import io.balsa.budget.CallShare;
import io.balsa.budget.Connection;
import io.balsa.budget.JsonShare;
import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection: a request, its answer, the next request. The next request is parsed when
 * the kernel has taken the answer. Bytes that come before are kept, but no more are read, so the
 * socket of a pipelining client slows it down.
 */
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest>
    implements HttpInflow.Requests {
  private static final int PIECE_BYTES = 64 << 10;

  /** The least memory that an answer counts for: its head and its objects. */
  private static final int ANSWER_BYTES_MIN = 1 << 10;

  private final HttpRoutes routes;
  private final FrontLimits limits;
  private final AnswerBudget budget;
  private final Connection connection;
  private final ClientFaults faults;
  private final ClientConnection client;
  private final HttpInflow inflow;
  private @Nullable ScheduledFuture<?> deadline;
  private @Nullable Exchange open;

  /** The memory of the request that is being answered, in bytes. */
  private long requestBytes;

  private boolean receiving;
  private boolean answering;
  private boolean left;

  HttpConnection(
      HttpRoutes routes,
      FrontLimits limits,
      AnswerBudget budget,
      Connection connection,
      ClientFaults faults,
      ClientConnection client) {
    this.routes = routes;
    this.limits = limits;
    this.budget = budget;
    this.connection = connection;
    this.faults = faults;
    this.client = client;
    this.inflow = new HttpInflow(limits.bodyBytes(), this);
  }

  /** The handler before this one, which makes the requests. */
  HttpInflow inflow() {
    return inflow;
  }

  @Override
  public boolean isAnswering() {
    return answering;
  }

  /** The time of a request begins with its first byte. */
  @Override
  public void arrives(ChannelHandlerContext context) {
    if (answering) {
      context.channel().config().setAutoRead(inflow.isRefused());
    } else if (!receiving) {
      receiving = true;
      closeAfter(context, limits.requestMillis());
    }
  }

  @Override
  public void count() {
    if (!left) {
      budget.requests().set(connection, inflow.held() + inflow.arrived() + requestBytes);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    closeAfter(context, limits.idleMillis());
  }

  private void closeAfter(ChannelHandlerContext context, long millis) {
    cancelDeadline();
    deadline = context.executor().schedule(() -> end(context), millis, TimeUnit.MILLISECONDS);
  }

  private void end(ChannelHandlerContext context) {
    if (receiving && !answering) {
      faults.happened(ClientFaults.Kind.SLOW_REQUEST, "an HTTP request that does not end");
    }
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
    requestBytes = inflow.taken();
    answering = true;
    client.begins();
    context.channel().config().setAutoRead(false);
    boolean head = request.method().equals(HttpMethod.HEAD);
    int refusal = inflow.refusal();
    if (refusal > 0) {
      open = new Exchange(context, new HttpMessages.Manner(false, head, Map.of()));
      open.send(HttpResponse.text(refusal, HttpResponseStatus.valueOf(refusal) + "\n"));
    } else {
      HttpRequest whole = HttpMessages.request(request);
      Map<String, String> headers = routes.access().headers(whole);
      answer(context, whole, new HttpMessages.Manner(HttpUtil.isKeepAlive(request), head, headers));
    }
  }

  /** Reads on, to notice that the client closes the connection. */
  private void listen(ChannelHandlerContext context) {
    if (answering && inflow.held() == 0) {
      context.channel().config().setAutoRead(true);
    }
  }

  private void answer(
      ChannelHandlerContext context, HttpRequest request, HttpMessages.Manner manner) {
    Exchange exchange = new Exchange(context, manner);
    open = exchange;
    try {
      HttpResponse refusal = routes.access().refusal(request);
      if (refusal == null) {
        routes.find(request.path()).answer(request, exchange);
      } else {
        exchange.send(refusal);
      }
    } catch (RuntimeException e) { // thread root: a failing page fails only its request
      faults.happened(ClientFaults.Kind.FAILED_PAGE, request.path() + ": " + e);
      exchange.send(HttpResponse.text(500, "500 Internal Server Error\n"));
    }
    if (!exchange.keeps) {
      forgetRequest();
    }
  }

  private void forgetRequest() {
    requestBytes = 0;
    count();
  }

  /** The answer to the current request; all writes happen on the event loop. */
  private final class Exchange implements HttpExchange {
    private final ChannelHandlerContext context;
    private final HttpMessages.Manner manner;
    private final CallShare share = new JsonShare(budget, connection);
    private final AtomicBoolean answered = new AtomicBoolean();
    private boolean keeps;
    private volatile Runnable ready = () -> {};
    private volatile Runnable gone = () -> {};

    Exchange(ChannelHandlerContext context, HttpMessages.Manner manner) {
      this.context = context;
      this.manner = manner;
    }

    @Override
    public @Nullable SocketAddress client() {
      return context.channel().remoteAddress();
    }

    @Override
    public void keepsRequest() {
      keeps = true;
    }

    @Override
    public Share share() {
      return share;
    }

    @Override
    public void send(HttpResponse response) {
      if (answered.compareAndSet(false, true)) {
        share.sentAll(Math.max(ANSWER_BYTES_MIN, response.body().size()));
        context.executor().execute(() -> sendNow(response));
      }
    }

    /** A long body is written in pieces, which show whether the client reads. */
    private void sendNow(HttpResponse response) {
      if (!context.channel().isActive()) {
        share.end();
        return;
      }
      Bytes body = manner.head() ? Bytes.EMPTY : response.body();
      if (body.size() <= PIECE_BYTES) {
        finish(context.writeAndFlush(HttpMessages.whole(response, manner)));
        return;
      }
      var _ = context.write(HttpMessages.head(response, manner));
      for (int at = 0; at < body.size(); at += PIECE_BYTES) {
        Bytes piece = body.slice(at, Math.min(body.size(), at + PIECE_BYTES));
        writePiece(piece, piece.size());
      }
      finish(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
    }

    /** Each piece that leaves extends the deadline of the answer. */
    private void writePiece(Bytes piece, long counted) {
      context
          .write(new DefaultHttpContent(Unpooled.wrappedBuffer(piece.buffer())))
          .addListener(
              written -> {
                share.left(counted);
                if (!written.isSuccess()) {
                  var _ = context.close(); // there was no buffer, or the client has gone
                } else if (deadline != null) {
                  closeAfter(context, limits.idleMillis());
                }
              });
    }

    private void finish(ChannelFuture last) {
      open = null;
      forgetRequest();
      if (!last.isDone()) {
        closeAfter(context, limits.idleMillis());
      }
      last.addListener(
          written -> {
            share.end();
            if (written.isSuccess()) {
              ended(context, manner);
            } else {
              var _ = context.close();
            }
          });
    }

    @Override
    public void begin(int status, String contentType) {
      if (answered.compareAndSet(false, true)) {
        var head = HttpMessages.streamHead(status, contentType, manner);
        context
            .executor()
            .execute(
                () -> {
                  var _ = context.writeAndFlush(head);
                  listen(context);
                });
      }
    }

    @Override
    public void write(Bytes piece) {
      long counted = Math.max(ANSWER_BYTES_MIN, piece.size());
      share.sent(counted);
      context
          .executor()
          .execute(
              () -> {
                writePiece(piece, counted);
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
    public void later(Runnable task) {
      afterOthers(context, task);
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

  /**
   * Schedules a task. A task that is executed directly would run before the event loop reads other
   * connections.
   */
  private static void afterOthers(ChannelHandlerContext context, Runnable task) {
    var _ = context.executor().schedule(task, 0, TimeUnit.NANOSECONDS);
  }

  private void ended(ChannelHandlerContext context, HttpMessages.Manner manner) {
    cancelDeadline();
    if (!manner.keepAlive()) {
      leave(context);
    } else if (inflow.isUnfinished()) {
      afterOthers(context, () -> next(context));
    } else {
      next(context);
    }
  }

  private void next(ChannelHandlerContext context) {
    answering = false;
    receiving = false;
    client.ends();
    inflow.goOn();
    if (!answering && !left) {
      receiving = inflow.isUnfinished();
      closeAfter(context, receiving ? limits.requestMillis() : limits.idleMillis());
      context.channel().config().setAutoRead(true);
    }
  }

  /** A client that still sends would not see the answer if the connection were closed at once. */
  private void leave(ChannelHandlerContext context) {
    if (inflow.isRefused() && context.channel() instanceof DuplexChannel channel) {
      var _ = channel.shutdownOutput();
      closeAfter(context, limits.requestMillis());
      channel.config().setAutoRead(true);
    } else {
      var _ = context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelDeadline();
    left = true;
    budget.requests().remove(connection);
    Exchange unanswered = open;
    if (unanswered != null) {
      unanswered.share.end();
      unanswered.gone.run();
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
