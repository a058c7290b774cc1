package io.balsa.front;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.balsa.budget.Connection;
import io.balsa.budget.RequestBudget;
import io.balsa.frames.Http2Frames;
import io.balsa.frames.ResetBrake;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
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
 *   <li>It closes the connection if it sends many frames that ask nothing, such as settings.
 *   <li>It reads a connection slowly that resets many calls.
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

  /**
   * Idle frames of a connection in a window. A client sends some settings; a flood sends many
   * thousands.
   */
  private static final int IDLE_FRAMES_MAX = 5_000;

  private static final long WINDOW_NANOS = 10_000_000_000L;

  /** A frame GOAWAY without streams, with the error ENHANCE_YOUR_CALM. */
  private static final byte[] GO_AWAY = {0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11};

  private static final long PAUSE_MILLIS = 10;

  /**
   * After this many pauses in a row it reads once. Refused requests may need long to go, and this
   * connection may not be the one that fills the budget.
   */
  private static final int PAUSES_MAX = 50;

  private final Connection connection;
  private final RequestBudget requests;
  private final IntSupplier unasked;
  private final Http2Frames frames;
  private final long headersMillis;
  private final ClientFaults faults;

  /** Idle frames before the present window, and when it began. */
  private long idleBefore;

  private long windowNanos = System.nanoTime();

  private final ResetBrake brake;

  /** Whether it does not read because its client has reset many calls. */
  private boolean braked;

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
      long headersMillis,
      ClientFaults faults) {
    this.connection = connection;
    this.requests = requests;
    this.unasked = unasked;
    this.frames = frames;
    this.brake = new ResetBrake(frames);
    this.headersMillis = headersMillis;
    this.faults = faults;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    int size = 0;
    if (message instanceof ByteBuf bytes) {
      size = bytes.readableBytes();
      brake.comes(nanos(context));
      frames.came(bytes, bytes.readerIndex());
      if (isFlood()) {
        bytes.release();
        endFlood(context, "settings or empty frames");
        return;
      }
    }
    context.fireChannelRead(message);
    brakeAfterResets(context);
    if (size >= LARGE_PIECE_BYTES && pauses == 0 && requests.isFull()) {
      pause(context);
    }
  }

  /** The time of the connection's event loop. */
  private static long nanos(ChannelHandlerContext context) {
    return context.executor().ticker().nanoTime();
  }

  /** Looks at the clock only once for many frames. */
  private boolean isFlood() {
    if (frames.idle() - idleBefore < IDLE_FRAMES_MAX) {
      return false;
    }
    long now = System.nanoTime();
    boolean flood = now - windowNanos < WINDOW_NANOS;
    windowNanos = now;
    idleBefore = frames.idle();
    return flood;
  }

  /** Pauses after many resets. A connection that was closed would only be opened again. */
  private void brakeAfterResets(ChannelHandlerContext context) {
    ResetBrake.Verdict verdict = brake.judge(nanos(context));
    if (verdict == ResetBrake.Verdict.READ) {
      return;
    }
    if (verdict == ResetBrake.Verdict.CLOSE) {
      endFlood(context, "resets of calls");
      return;
    }
    if (verdict == ResetBrake.Verdict.FIRST_PAUSE) {
      faults.happened(ClientFaults.Kind.FLOOD, "resets of calls");
    }
    if (!braked) {
      braked = true;
      context.channel().config().setAutoRead(false);
      unbrakeLater(context);
    }
  }

  private void unbrakeLater(ChannelHandlerContext context) {
    long pause = brake.pauseNanos(nanos(context));
    long spread = ThreadLocalRandom.current().nextLong(1 + pause / 4); // not all at the same time
    var _ = context.executor().schedule(() -> unbrake(context), pause + spread, NANOSECONDS);
  }

  /** With TLS, resets of the same read may have prolonged the pause after it began. */
  private void unbrake(ChannelHandlerContext context) {
    if (!context.channel().isActive()) {
      return;
    }
    if (brake.pauseNanos(nanos(context)) > 0) {
      unbrakeLater(context);
      return;
    }
    braked = false;
    readOn(context);
  }

  /** Tells the client why, if it reads, and closes. */
  private void endFlood(ChannelHandlerContext context, String why) {
    faults.happened(ClientFaults.Kind.FLOOD, why);
    ByteBuf farewell = context.alloc().buffer(GO_AWAY.length).writeBytes(GO_AWAY);
    var _ = context.writeAndFlush(farewell);
    var _ = context.close();
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
    if (pauses == 0 && !unread && !braked) {
      context.channel().config().setAutoRead(true);
    }
  }

  /** Netty's HTTP/2 handler calls this even if the channel does not read automatically. */
  @Override
  public void read(ChannelHandlerContext context) {
    if (pauses == 0 && !unread && !braked) {
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
      faults.happened(ClientFaults.Kind.SLOW_REQUEST, "headers that do not end");
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
