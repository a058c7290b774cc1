package io.balsa.api;

import io.balsa.access.Access;
import io.balsa.budget.HeapMark;
import io.balsa.bytes.ProtocolLimits;
import io.balsa.front.FrontPort;
import io.balsa.front.GrpcLimits;
import io.balsa.front.HttpAccess;
import io.balsa.model.RequestRules;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The settings of a server's client port.
 *
 * @param listen where to listen, and what is served there
 * @param maxRequestBytes the largest request, etcd's {@code --max-request-bytes}
 * @param maxResponseBytes the most bytes that one answer may have; 0 for a sixteenth of the heap
 * @param maxTxnOps the most operations of a transaction, etcd's {@code --max-txn-ops}
 * @param quotaBytes the store's quota, only to be shown; 0 for none
 * @param watchProgress the interval of progress notifications for idle watches that want them
 * @param connectionsMax the most client connections
 * @param grpc the limits of gRPC connections
 * @param slowRequest from which duration on a unary request is logged, etcd's {@code
 *     --warning-unary-request-duration}
 * @param access how clients log in
 * @param troubles lines about what needs an operator beside alarms, for {@code Status}; asked from
 *     any thread
 * @param heapPercent above which part of the heap's old part large reads are refused; 0 for never
 */
public record EtcdServerConfig(
    Listening listen,
    int maxRequestBytes,
    long maxResponseBytes,
    int maxTxnOps,
    long quotaBytes,
    Duration watchProgress,
    int connectionsMax,
    GrpcLimits grpc,
    Duration slowRequest,
    Access.Settings access,
    Supplier<List<String>> troubles,
    int heapPercent) {
  /** etcd's default for {@code --watch-progress-notify-interval}. */
  public static final Duration WATCH_PROGRESS = Duration.ofMinutes(10);

  /** The default of the mark of the heap, in percent. */
  public static final int HEAP_PERCENT = HeapMark.PERCENT;

  /** The most client connections if descriptors and memory suffice. */
  public static final int CONNECTIONS_MAX = 10_000;

  /** etcd's default for {@code --warning-unary-request-duration}. */
  public static final Duration SLOW_REQUEST = Duration.ofMillis(300);

  /** etcd's default settings on one address. */
  public static EtcdServerConfig of(InetSocketAddress listen) {
    return new EtcdServerConfig(
        Listening.at(List.of(listen)),
        ProtocolLimits.REQUEST_BYTES,
        0,
        RequestRules.MAX_TXN_OPS,
        0,
        WATCH_PROGRESS,
        CONNECTIONS_MAX,
        GrpcLimits.DEFAULT,
        SLOW_REQUEST,
        Access.Settings.DEFAULT,
        List::of,
        HEAP_PERCENT);
  }

  /** The same with other settings of users. */
  public EtcdServerConfig withAccess(Access.Settings other) {
    return new EtcdServerConfig(
        listen,
        maxRequestBytes,
        maxResponseBytes,
        maxTxnOps,
        quotaBytes,
        watchProgress,
        connectionsMax,
        grpc,
        slowRequest,
        other,
        troubles,
        heapPercent);
  }

  /**
   * Where a server listens for clients; for port 0 the system chooses a free one.
   *
   * @param clients for gRPC, and for HTTP while {@code http} is empty; also paths of Unix sockets
   * @param http for HTTP alone, etcd's {@code --listen-client-http-urls}
   * @param metrics for the metrics and the health pages, {@code --listen-metrics-urls}
   * @param jsonGateway whether HTTP has JSON paths, {@code --enable-grpc-gateway}
   * @param access which web pages and host names may use HTTP, {@code --cors} and {@code
   *     --host-whitelist}
   */
  public record Listening(
      List<FrontPort.Place> clients,
      List<FrontPort.Place> http,
      List<FrontPort.Place> metrics,
      boolean jsonGateway,
      HttpAccess access) {
    /** Copies the lists. */
    public Listening {
      clients = List.copyOf(clients);
      http = List.copyOf(http);
      metrics = List.copyOf(metrics);
    }

    /** gRPC, HTTP and JSON at the same addresses, without TLS. */
    public static Listening at(List<? extends SocketAddress> clients) {
      List<FrontPort.Place> places = clients.stream().map(FrontPort.Place::plain).toList();
      return new Listening(places, List.of(), List.of(), true, HttpAccess.DEFAULT);
    }
  }
}
