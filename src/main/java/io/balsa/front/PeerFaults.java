package io.balsa.front;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps what clients do wrong out of the log. grpc-netty prints a stack trace for every connection
 * that sends garbage and every message too large, so anybody who reaches the port could fill a
 * disk.
 */
final class PeerFaults {
  // held here: java.util.logging forgets the level of a logger that nobody holds
  private static final List<Logger> SPOKEN =
      List.of(
          Logger.getLogger("io.grpc.netty.NettyServerTransport.connections"),
          Logger.getLogger("io.grpc.netty.NettyServerStream"),
          Logger.getLogger("io.grpc.netty.NettyServerHandler"));

  private PeerFaults() {}

  /** From now on only what the server itself does wrong is logged; asked for levels stay. */
  static void hush() {
    for (Logger logger : SPOKEN) {
      if (logger.getLevel() == null) {
        logger.setLevel(Level.SEVERE);
      }
    }
  }
}
