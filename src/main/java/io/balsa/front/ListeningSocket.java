package io.balsa.front;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A listening socket that closes new connections at once if {@link ConnectionLimit} refuses them.
 * It accepts a thousand in a second; further ones wait in the kernel. Otherwise clients that
 * connect without pause would leave the event loop no time for those that are connected.
 */
final class ListeningSocket extends NioServerSocketChannel {
  private static final int ACCEPTS_MAX = 100;
  private static final long WINDOW_NANOS = 100_000_000;

  private final ConnectionLimit limit;

  /** Accepted in the present window, which began then. */
  private int accepts;

  private long windowNanos = System.nanoTime();

  ListeningSocket(ConnectionLimit limit) {
    this.limit = limit;
  }

  /** After a failure Netty waits a second before it accepts again. */
  @Override
  protected int doReadMessages(List<Object> accepted) throws Exception {
    int count;
    try {
      count = super.doReadMessages(accepted);
    } catch (IOException e) {
      limit.cannotAccept(String.valueOf(e.getMessage()));
      throw e;
    }
    keepPace(count);
    if (count == 1
        && accepted.getLast() instanceof NioSocketChannel channel
        && !limit.admit(channel, channel.remoteAddress())) {
      accepted.removeLast();
      channel.unsafe().closeForcibly();
      return 0;
    }
    return count;
  }

  private void keepPace(int count) {
    accepts += count;
    if (accepts < ACCEPTS_MAX) {
      return;
    }
    accepts = 0;
    long now = System.nanoTime();
    long left = WINDOW_NANOS - (now - windowNanos);
    windowNanos = now + Math.max(0, left);
    if (left > 0) {
      config().setAutoRead(false);
      var _ = eventLoop().schedule(() -> config().setAutoRead(true), left, TimeUnit.NANOSECONDS);
    }
  }
}
