package io.balsa.front;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.budget.AnswerBudget;
import io.balsa.budget.CallShare;
import io.balsa.budget.Connection;
import io.balsa.budget.HandClock;
import io.balsa.budget.RequestBudget;
import io.balsa.frames.Http2Frames;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How fast a gRPC connection is read. */
class GrpcFlowControlTest {
  private static final int BUFFER = 64 << 10;
  private static final int FRAME_BYTES = 9;
  private static final int TYPE_AT = 3;
  private static final byte WINDOW_UPDATE = 8;
  private static final int HEADERS = 1;
  private static final int END_HEADERS = 4;
  private static final int RST_STREAM = 3;

  private final HandClock clock = new HandClock();
  private final AnswerBudget budget = new AnswerBudget(1 << 20, 1 << 20, clock);
  private final Connection connection = new Connection(() -> {});
  private final ClientFaults faults = new ClientFaults();
  private int unasked;
  private int came;
  private int reads;
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new ReadCounter(),
          new GrpcFlowControl(
              connection, budget.requests(), () -> unasked, new Http2Frames(), 1_000, faults),
          new Asker());

  /** Counts the reads of the socket. */
  private final class ReadCounter extends ChannelOutboundHandlerAdapter {
    @Override
    public void read(ChannelHandlerContext context) {
      reads++;
      context.read();
    }
  }

  /** Reads when the channel does not read automatically, as Netty's HTTP/2 handler does. */
  private static final class Asker extends ChannelInboundHandlerAdapter {
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      if (!context.channel().config().isAutoRead()) {
        context.read();
      }
    }
  }

  private void write(int bytes) {
    var _ = channel.write(Unpooled.wrappedBuffer(new byte[bytes]));
  }

  @Test
  void whoLeavesTooMuchUnreadIsNotListenedToUntilItReads() {
    write(4 * BUFFER);
    channel.pipeline().fireChannelReadComplete();
    assertThat(channel.config().isAutoRead()).as("a little is normal").isTrue();
    write(2 * BUFFER);
    channel.pipeline().fireChannelReadComplete();
    assertThat(channel.config().isAutoRead()).isFalse();
    int before = reads;
    channel.pipeline().fireChannelReadComplete();
    assertThat(reads).isEqualTo(before);
    channel.flush();
    assertThat(channel.config().isAutoRead()).as("it has read").isTrue();
    assertThat(reads).isGreaterThan(before);
    channel.finishAndReleaseAll();
  }

  @Test
  void answersThatLeaveAreMovementPingsAreNot() {
    CallShare share = new CallShare(budget, connection);
    assertThat(share.tryTake(BUFFER)).isTrue();
    share.sent(BUFFER);
    assertThat(connection.standsStill(0, 10)).as("seen for the first time").isFalse();
    for (int i = 0; i < 10_000; i++) {
      write(17);
    }
    assertThat(connection.standsStill(10, 10)).isTrue();
    write(BUFFER / 4);
    assertThat(connection.standsStill(20, 10)).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void requestsThatNobodyAsksForAreCountedUntilTheConnectionEnds() {
    unasked = 100_000;
    channel.pipeline().fireChannelReadComplete();
    assertThat(budget.requests().bytes()).isEqualTo(100_000);
    unasked = 40_000;
    channel.pipeline().fireChannelReadComplete();
    assertThat(budget.requests().bytes()).isEqualTo(40_000);
    channel.finishAndReleaseAll();
    assertThat(budget.requests().bytes()).isZero();
  }

  private void comes(int bytes) {
    byte[] frames = new byte[bytes];
    for (int at = 0; at < bytes; at++) {
      frames[at] = (came + at) % FRAME_BYTES == TYPE_AT ? WINDOW_UPDATE : 0;
    }
    came += bytes;
    channel.writeInbound(Unpooled.wrappedBuffer(frames));
  }

  /** Another connection has sent too many unfinished bytes. */
  @Test
  void whoSendsMuchWaitsWhileTooMuchIsThere() throws Exception {
    Connection other = new Connection(() -> {});
    comes(BUFFER);
    assertThat(channel.config().isAutoRead()).isTrue();
    budget.requests().set(other, RequestBudget.BYTES_MAX + 1);
    comes(100);
    assertThat(channel.config().isAutoRead()).as("a small request").isTrue();
    comes(BUFFER);
    int before = reads;
    channel.pipeline().fireChannelReadComplete();
    assertThat(channel.config().isAutoRead()).isFalse();
    Connection another = new Connection(() -> {});
    budget
        .requests()
        .set(another, 2 * RequestBudget.BYTES_MAX); // too soon after the last check to be refused
    until(
        () -> {
          channel.advanceTimeBy(10, TimeUnit.MILLISECONDS);
          channel.runScheduledPendingTasks();
          return another.isClosed();
        });
    assertThat(channel.config().isAutoRead()).as("there is still too much").isFalse();
    assertThat(reads).isEqualTo(before);
    budget.requests().set(other, 0);
    budget.requests().set(another, 0);
    channel.advanceTimeBy(10, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
    assertThat(reads).isGreaterThan(before);
    channel.finishAndReleaseAll();
  }

  /** Another connection is closed, but its bytes stay for long. */
  @Test
  void whoSendsMuchIsReadNowAndThenThoughTheBoundStaysFull() {
    Connection other = new Connection(() -> {});
    budget.requests().set(other, RequestBudget.BYTES_MAX + 1);
    comes(BUFFER);
    int before = reads;
    for (int i = 0; i < 60; i++) {
      channel.advanceTimeBy(10, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
    }
    assertThat(reads).isGreaterThan(before);
    channel.finishAndReleaseAll();
  }

  private static byte[] frame(int type, int flags, int stream, int bytes) {
    byte[] frame = new byte[FRAME_BYTES + bytes];
    frame[2] = (byte) bytes;
    frame[TYPE_AT] = (byte) type;
    frame[TYPE_AT + 1] = (byte) flags;
    Unpooled.wrappedBuffer(frame).setInt(TYPE_AT + 2, stream);
    return frame;
  }

  private static byte[][] frames(int type, int flags, int bytes, int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(call -> frame(type, flags, 2 * call + 1, bytes))
        .toArray(byte[][]::new);
  }

  /** The calls with these numbers begin. */
  private void begins(int from, int count) {
    channel.writeInbound(Unpooled.wrappedBuffer(frames(HEADERS, END_HEADERS, 10, from, count)));
  }

  /** The calls with these numbers are reset. */
  private void isReset(int from, int count) {
    channel.writeInbound(Unpooled.wrappedBuffer(frames(RST_STREAM, 0, 4, from, count)));
  }

  private boolean readsAfter(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    return channel.config().isAutoRead();
  }

  /** With TLS, the bytes of one read of the socket come as many records. */
  @Test
  void resetsInManyRecordsPauseAsLongAsInOne() {
    channel.freezeTime();
    begins(0, 600);
    for (int record = 0; record < 60; record++) {
      isReset(10 * record, 10);
    }
    assertThat(channel.config().isAutoRead()).isFalse();
    assertThat(readsAfter(1_999)).as("the pause of all resets, not of a record").isFalse();
    assertThat(readsAfter(1_000)).as("2 s at most, and a part of that by chance").isTrue();
    channel.finishAndReleaseAll();
  }

  /** A server stood still for a second, and the calls of a proxy have timed out. */
  @Test
  void callsThatTimeOutTogetherAreNoFlood() {
    channel.freezeTime();
    for (int second = 0; second < 60; second++) {
      begins(1_000 * second, 1_000);
      assertThat(readsAfter(1_000)).isTrue();
      isReset(1_000 * second, 1_000);
      assertThat(channel.config().isAutoRead()).as("second %d", second).isTrue();
    }
    assertThat(faults.count(ClientFaults.Kind.FLOOD)).isZero();
    assertThat(channel.isActive()).isTrue();
    channel.finishAndReleaseAll();
  }

  /** Some clients of a proxy leave early, after a time with many calls. */
  @Test
  void resetsAreComparedWithTheCallsOfTheLastWindowToo() {
    channel.freezeTime();
    begins(0, 2_000);
    assertThat(readsAfter(10_001)).isTrue();
    begins(2_000, 500);
    isReset(2_000, 500);
    assertThat(channel.config().isAutoRead()).isTrue();
    assertThat(readsAfter(10_001)).isTrue();
    begins(3_000, 500);
    isReset(3_000, 500);
    assertThat(channel.config().isAutoRead()).as("the many calls are long ago").isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void whoGoesOnResettingNewCallsIsClosed() {
    channel.freezeTime();
    for (int second = 0; second < 60 && channel.isActive(); second++) {
      assertThat(second).as("closed after half a minute").isLessThan(35);
      begins(1_000 * second, 1_000);
      isReset(1_000 * second, 1_000);
      boolean _ = readsAfter(1_000);
    }
    assertThat(channel.isActive()).isFalse();
    channel.finishAndReleaseAll();
  }
}
