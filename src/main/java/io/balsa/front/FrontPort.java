package io.balsa.front;

import io.grpc.ServerServiceDefinition;
import java.net.SocketAddress;
import java.util.List;

/**
 * What a {@link FrontServer} serves at some addresses.
 *
 * @param addresses where to listen: internet addresses, or paths of Unix sockets; for port 0 the
 *     system chooses a free one
 * @param services the gRPC services; none refuses every call
 * @param routes the HTTP/1.1 paths
 */
public record FrontPort(
    List<SocketAddress> addresses, List<ServerServiceDefinition> services, HttpRoutes routes) {
  /** Copies the lists. */
  public FrontPort {
    addresses = List.copyOf(addresses);
    services = List.copyOf(services);
  }

  /** The same for some of its addresses. */
  FrontPort at(List<SocketAddress> some) {
    return new FrontPort(some, services, routes);
  }
}
