package io.balsa.front;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.util.List;

/**
 * A listening socket that closes new connections at once if {@link ConnectionLimit} refuses them.
 */
final class ListeningSocket extends NioServerSocketChannel {
  private final ConnectionLimit limit;

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
    if (count == 1
        && accepted.getLast() instanceof NioSocketChannel channel
        && !limit.admit(channel, channel.remoteAddress())) {
      accepted.removeLast();
      channel.unsafe().closeForcibly();
      return 0;
    }
    return count;
  }
}
