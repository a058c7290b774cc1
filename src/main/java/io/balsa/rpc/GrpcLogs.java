package io.balsa.rpc;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps gRPC from filling the log with stack traces that an outsider can cause. */
public final class GrpcLogs {
  // kept in fields: java.util.logging drops a logger, with its level, that nothing refers to
  private static final Logger CHANNELS = Logger.getLogger("io.grpc.internal.ManagedChannelImpl");
  private static final Logger TRANSPORT = Logger.getLogger("io.grpc.netty");

  private GrpcLogs() {}

  /** Hides the stack trace of each failed attempt to resolve a host, unless a level is set. */
  public static void quietChannels() {
    if (CHANNELS.getLevel() == null) {
      CHANNELS.setLevel(Level.SEVERE);
    }
  }

  /** Hides the stack trace of each connection that sends no valid HTTP/2. */
  public static void quietTransport() {
    TRANSPORT.setLevel(Level.WARNING);
  }
}
