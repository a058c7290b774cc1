package io.balsa.api;

import io.balsa.bytes.ProtocolLimits;
import io.balsa.model.RequestRules;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * The settings of a server's client port.
 *
 * @param listen the addresses for clients; for port 0 the system chooses a free one
 * @param maxRequestBytes the largest request, etcd's {@code --max-request-bytes}
 * @param maxResponseBytes the most bytes that one answer may have; 0 for a sixteenth of the heap
 * @param maxTxnOps the most operations of a transaction, etcd's {@code --max-txn-ops}
 * @param quotaBytes the store's quota, only to be shown; 0 for none
 * @param watchProgress the interval of progress notifications for idle watches that want them
 * @param connectionsMax the most client connections
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

  /** The most client connections if descriptors and memory suffice. */
  public static final int CONNECTIONS_MAX = 10_000;

  /** etcd's default settings on one address. */
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
