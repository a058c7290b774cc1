package io.balsa.front;

import java.util.List;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Keeps what clients do wrong out of the log. gRPC and Netty print a stack trace for every
 * connection that sends garbage, every message that is none and every one too large, so anybody who
 * reaches the port could fill a disk. Here they are counted instead.
 */
final class ClientFaultFilter implements Filter {
  // held here: java.util.logging forgets the filter of a logger that nobody holds
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

  /** From now on they are counted. */
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
