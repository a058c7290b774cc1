package io.balsa.api;

import io.balsa.bytes.ProtocolLimits;
import io.balsa.model.RequestRules;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What the client port of a server is told at its start.
 *
 * @param listen where to listen for clients; port 0 takes a free one
 * @param maxRequestBytes the largest request, etcd's {@code --max-request-bytes}
 * @param maxResponseBytes the most bytes that one answer may have; 0 for a sixteenth of the heap
 * @param maxTxnOps the most operations of a transaction, etcd's {@code --max-txn-ops}
 * @param quotaBytes the store's quota, to be shown; 0 for none
 * @param watchProgress how often idle watches that ask for it are told how far the store is
 * @param connectionsMax how many connections clients may have
 */
public record EtcdServerConfig(
    List<InetSocketAddress> listen,
    int maxRequestBytes,
    long maxResponseBytes,
    int maxTxnOps,
    long quotaBytes,
    Duration watchProgress,
    int connectionsMax) {
  /** etcd's default for {@code --watch-progress-notify-interval}. */
  public static final Duration WATCH_PROGRESS = Duration.ofMinutes(10);

  /** Connections of clients where descriptors and memory are plenty. */
  public static final int CONNECTIONS_MAX = 10_000;

  /** etcd's defaults, on one address. */
  public static EtcdServerConfig of(InetSocketAddress listen) {
    return new EtcdServerConfig(
        List.of(listen),
        ProtocolLimits.REQUEST_BYTES,
        0,
        RequestRules.MAX_TXN_OPS,
        0,
        WATCH_PROGRESS,
        CONNECTIONS_MAX);
  }
}
