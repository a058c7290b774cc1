package io.balsa.server;

import io.balsa.api.EtcdServerConfig;
import io.balsa.bytes.HostPort;
import io.balsa.front.GrpcLimits;
import io.balsa.front.HttpAccess;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * More about how a server serves its clients. Each value has its flag in etcd.
 *
 * @param sockets Unix sockets where to listen for clients; only the owner of the process may
 *     connect; {@code unix://} and {@code unixs://} in {@code --listen-client-urls}
 * @param advertisedSockets the sockets to advertise; none stands for {@code sockets} if no other
 *     address is advertised
 * @param http where to listen for HTTP alone, {@code --listen-client-http-urls}; the other
 *     addresses then serve gRPC alone
 * @param metrics where to serve the metrics and the health pages beside the other addresses, {@code
 *     --listen-metrics-urls}
 * @param jsonGateway whether HTTP has JSON paths, {@code --enable-grpc-gateway}
 * @param access which web pages and host names may use HTTP, {@code --cors} and {@code
 *     --host-whitelist}
 * @param grpc {@code --max-concurrent-streams} and {@code --grpc-keepalive-*}
 * @param slowRequest from which duration on a unary request is logged, {@code
 *     --warning-unary-request-duration}
 */
public record ClientPorts(
    List<HostPort> sockets,
    List<HostPort> advertisedSockets,
    List<HostPort> http,
    List<HostPort> metrics,
    boolean jsonGateway,
    HttpAccess access,
    GrpcLimits grpc,
    Duration slowRequest) {
  /** etcd's defaults. */
  public static final ClientPorts DEFAULT =
      new ClientPorts(
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          true,
          HttpAccess.DEFAULT,
          GrpcLimits.DEFAULT,
          EtcdServerConfig.SLOW_REQUEST);

  /** All addresses: those given, the Unix sockets, those for HTTP and for metrics. */
  List<HostPort> allWith(List<HostPort> clients) {
    return Stream.of(clients, sockets, http, metrics).flatMap(List::stream).toList();
  }

  /** Copies the lists. */
  public ClientPorts {
    sockets = List.copyOf(sockets);
    advertisedSockets = List.copyOf(advertisedSockets);
    http = List.copyOf(http);
    metrics = List.copyOf(metrics);
  }
}
