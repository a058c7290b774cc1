package io.balsa.front;

import io.balsa.budget.Connection;
import io.balsa.budget.RequestBudget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Controls how fast a gRPC connection is read. It is the handler next to the socket, or to TLS.
 *
 * <ul>
 *   <li>It tells the budget how many bytes leave.
 *   <li>It reads no requests while the client leaves too many bytes unread. This bounds headers and
 *       refusals, which HTTP/2 windows do not.
 *   <li>It counts requests that wait until their call asks for them, and unfinished frames and
 *       headers.
 *   <li>It closes the connection if headers do not end in time.
 *   <li>It pauses a connection that sends much while all connections have too many unfinished
 *       bytes.
 * </ul>
 */
final class GrpcFlowControl extends ChannelDuplexHandler {
  /** Answers to pings, settings and resets are shorter. They do not count as movement. */
  private static final int ANSWER_BYTES_MIN = 32;

  /** Bytes that may wait for the socket above the channel's high water mark. */
  private static final long UNREAD_BYTES_MAX = 256 << 10;

  /**
   * A read of this size belongs to a large request or to many requests, so the next read can wait.
   */
  private static final int LARGE_PIECE_BYTES = 16 << 10;

  private static final long PAUSE_MILLIS = 10;

  /**
   * After this many pauses in a row it reads once. Small requests, which are never refused, may
   * fill the budget for long.
   */
  private static final int PAUSES_MAX = 50;

  private final Connection connection;
  private final RequestBudget requests;
  private final IntSupplier unasked;
  private final Http2Frames frames;
  private final long headersMillis;
  private @Nullable ScheduledFuture<?> deadline;

  /** Pauses in a row because the request budget is full; 0 while it reads. */
  private int pauses;

  /** Whether it does not read because its client leaves too many bytes unread. */
  private boolean unread;

  /**
   * @param unasked the bytes of received requests that no call has asked for yet
   * @param frames follows the frames; the bytes before this handler was added are counted already
   * @param headersMillis how long the headers of a call may take from their first byte to their
   *     last
   */
  GrpcFlowControl(
      Connection connection,
      RequestBudget requests,
      IntSupplier unasked,
      Http2Frames frames,
      long headersMillis) {
    this.connection = connection;
    this.requests = requests;
    this.unasked = unasked;
    this.frames = frames;
    this.headersMillis = headersMillis;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    int size = 0;
    if (message instanceof ByteBuf bytes) {
      size = bytes.readableBytes();
      frames.came(bytes, bytes.readerIndex());
    }
    context.fireChannelRead(message);
    if (size >= LARGE_PIECE_BYTES && pauses == 0 && requests.isFull()) {
      pause(context);
    }
  }

  private void pause(ChannelHandlerContext context) {
    pauses++;
    context.channel().config().setAutoRead(false);
    var _ =
        context.executor().schedule(() -> endPause(context), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void endPause(ChannelHandlerContext context) {
    if (!context.channel().isActive()) {
      return;
    }
    requests.hold();
    if (requests.isFull() && pauses < PAUSES_MAX) {
      pause(context);
      return;
    }
    pauses = 0;
    readOn(context);
  }

  private void readOn(ChannelHandlerContext context) {
    if (pauses == 0 && !unread) {
      context.channel().config().setAutoRead(true);
    }
  }

  /** Netty's HTTP/2 handler calls this even if the channel does not read automatically. */
  @Override
  public void read(ChannelHandlerContext context) {
    if (pauses == 0 && !unread) {
      context.read();
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes && bytes.readableBytes() > ANSWER_BYTES_MIN) {
      connection.moved(bytes.readableBytes());
    }
    var _ = context.write(message, promise);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (context.channel().bytesBeforeWritable() > UNREAD_BYTES_MAX) {
      unread = true;
      context.channel().config().setAutoRead(false);
    }
    requests.set(connection, unasked.getAsInt() + frames.unfinished());
    if (deadline == null && frames.areHeadersOpen()) {
      awaitHeaders(context);
    }
    context.fireChannelReadComplete();
  }

  private void awaitHeaders(ChannelHandlerContext context) {
    long before = frames.headersEnded();
    deadline =
        context
            .executor()
            .schedule(() -> lookAtHeaders(context, before), headersMillis, TimeUnit.MILLISECONDS);
  }

  private void lookAtHeaders(ChannelHandlerContext context, long before) {
    deadline = null;
    if (!frames.areHeadersOpen()) {
      return;
    }
    if (frames.headersEnded() == before) {
      var _ = context.close();
    } else {
      awaitHeaders(context);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    requests.remove(connection);
    if (deadline != null) {
      deadline.cancel(false);
    }
    context.fireChannelInactive();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      unread = false;
      readOn(context);
    }
    context.fireChannelWritabilityChanged();
  }
}
