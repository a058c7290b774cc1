package io.balsa.front;

import java.util.List;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Counts the faults of clients that gRPC and Netty would log. They print a stack trace for each
 * connection with invalid bytes, and for each message that is malformed or too large. Any client
 * could fill a disk that way.
 */
final class ClientFaultFilter implements Filter {
  // java.util.logging drops a logger, and its filter, when nothing refers to the logger
  private static final List<Logger> CONNECTIONS =
      loggers(
          "io.grpc.netty.NettyServerTransport.connections",
          "io.grpc.netty.NettyServerHandler",
          "io.netty.channel.DefaultChannelPipeline",
          "io.netty.channel.AbstractChannelHandlerContext",
          "io.netty.util.concurrent.DefaultPromise");

  private static final List<Logger> CALLS =
      loggers(
          "io.grpc.netty.NettyServerStream",
          "io.grpc.internal.SerializeReentrantCallsDirectExecutor",
          "io.grpc.internal.ServerImpl",
          "io.grpc.internal.ServerCallImpl",
          "io.grpc.internal.AbstractServerStream");

  private final ClientFaults faults;
  private final ClientFaults.Kind kind;

  private ClientFaultFilter(ClientFaults faults, ClientFaults.Kind kind) {
    this.faults = faults;
    this.kind = kind;
  }

  private static List<Logger> loggers(String... names) {
    return List.of(names).stream().map(Logger::getLogger).toList();
  }

  /** Sets the filters: from this call on the faults are counted and not logged. */
  static void countIn(ClientFaults faults) {
    CONNECTIONS.forEach(
        logger -> logger.setFilter(of(faults, ClientFaults.Kind.BROKEN_CONNECTION)));
    CALLS.forEach(logger -> logger.setFilter(of(faults, ClientFaults.Kind.FAILED_CALL)));
  }

  private static Filter of(ClientFaults faults, ClientFaults.Kind kind) {
    return new ClientFaultFilter(faults, kind);
  }

  @Override
  public boolean isLoggable(LogRecord line) {
    Throwable thrown = line.getThrown();
    faults.happened(kind, thrown != null ? thrown.toString() : String.valueOf(line.getMessage()));
    return false;
  }
}
