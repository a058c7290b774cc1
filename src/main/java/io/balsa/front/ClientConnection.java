package io.balsa.front;

import io.balsa.bytes.Check;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.concurrent.TimeUnit;

/** A connection of a client as its port counts it: where it is from, and since when it is idle. */
final class ClientConnection {
  private static final AttributeKey<ClientConnection> KEY =
      AttributeKey.valueOf(ClientConnection.class, "client");
  private static final long FAREWELL_MILLIS = 1_000;

  private final Channel channel;
  private final String source;

  /** Calls or requests under way; written on the connection's event loop alone. */
  private volatile int open;

  private volatile long idleSinceNanos;

  ClientConnection(Channel channel, String source, long nowNanos) {
    this.channel = channel;
    this.source = source;
    this.idleSinceNanos = nowNanos;
  }

  /** Lets {@link #of} find it. */
  void attach() {
    channel.attr(KEY).set(this);
  }

  /** The client of a connection; a new one if nobody counts it. */
  static ClientConnection of(Channel channel) {
    ClientConnection counted = channel.attr(KEY).get();
    return counted != null ? counted : new ClientConnection(channel, "", 0);
  }

  String source() {
    return source;
  }

  /** A call or request begins; on the connection's event loop. */
  void begins() {
    int before = open;
    open = before + 1;
  }

  /** A call or request is over; on the connection's event loop. */
  void ends() {
    int before = open;
    Check.that(before > 0, "what ends has begun");
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
   * Ends the connection; from any thread.
   *
   * @param politely whether the client is told, which may take a second if it does not listen
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

  /** Past all handlers, which may wait for the client. */
  private void end() {
    channel.unsafe().close(channel.unsafe().voidPromise());
  }
}
