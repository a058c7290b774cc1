package io.balsa.front;

import io.balsa.bytes.Check;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.concurrent.TimeUnit;

/**
 * A client's connection as {@link ConnectionLimit} counts it: its source, and since when it is
 * idle.
 */
final class ClientConnection {
  private static final AttributeKey<ClientConnection> KEY =
      AttributeKey.valueOf(ClientConnection.class, "client");
  private static final long FAREWELL_MILLIS = 1_000;

  private final Channel channel;
  private final String source;

  /** Open calls or requests; only the connection's event loop writes it. */
  private volatile int open;

  private volatile long idleSinceNanos;

  ClientConnection(Channel channel, String source, long nowNanos) {
    this.channel = channel;
    this.source = source;
    this.idleSinceNanos = nowNanos;
  }

  /** Attaches this object to its channel, so that {@link #of} finds it. */
  void attach() {
    channel.attr(KEY).set(this);
  }

  /** The object of a channel; a new one if no limit counts the channel. */
  static ClientConnection of(Channel channel) {
    ClientConnection counted = channel.attr(KEY).get();
    return counted != null ? counted : new ClientConnection(channel, "", 0);
  }

  static boolean isCounted(Channel channel) {
    return channel.attr(KEY).get() != null;
  }

  String source() {
    return source;
  }

  /** Counts a call or request that begins; on the connection's event loop. */
  void begins() {
    int before = open;
    open = before + 1;
  }

  /** Counts a call or request that has ended; on the connection's event loop. */
  void ends() {
    int before = open;
    Check.that(before > 0, "an open call ends");
    if (before == 1) {
      idleSinceNanos = System.nanoTime();
    }
    open = before - 1;
  }

  boolean isIdle() {
    return open == 0;
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  /**
   * Closes the connection; from any thread.
   *
   * @param politely whether the client gets a GOAWAY first; this takes up to a second if it does
   *     not read
   */
  void leave(boolean politely) {
    if (!channel.isRegistered()) {
      var _ = channel.close();
    } else if (politely) {
      var _ = channel.close();
      var _ = channel.eventLoop().schedule(this::end, FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      channel.eventLoop().execute(this::end);
    }
  }

  /** Closes the channel without its handlers, because they may wait for the client. */
  private void end() {
    channel.unsafe().close(channel.unsafe().voidPromise());
  }
}
