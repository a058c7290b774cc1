package io.balsa.front;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.budget.AnswerBudget;
import io.balsa.budget.CallShare;
import io.balsa.budget.Connection;
import io.balsa.budget.HandClock;
import io.balsa.budget.RequestBudget;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How fast a gRPC connection is read. */
class GrpcFlowControlTest {
  private static final int BUFFER = 64 << 10;
  private static final int FRAME_BYTES = 9;
  private static final int TYPE_AT = 3;
  private static final byte WINDOW_UPDATE = 8;

  private final HandClock clock = new HandClock();
  private final AnswerBudget budget = new AnswerBudget(1 << 20, 1 << 20, clock);
  private final Connection connection = new Connection(() -> {});
  private int unasked;
  private int came;
  private int reads;
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new ReadCounter(),
          new GrpcFlowControl(
              connection,
              budget.requests(),
              () -> unasked,
              new Http2Frames(),
              1_000,
              new ClientFaults()),
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

  /** Small requests may fill the budget for long, because they are never refused. */
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
}
