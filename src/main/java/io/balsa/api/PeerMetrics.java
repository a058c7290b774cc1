package io.balsa.api;

import io.balsa.model.Member;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The metrics of the links to the other members. A member's series are there from the start. */
final class PeerMetrics {
  private static final double NANOS = 1e9;

  private final Counter sentBytes;
  private final Counter receivedBytes;
  private final Counter sendFailures;
  private final Histogram roundTrips;
  private final Gauge active;
  private final Gauge known;
  private final Map<Long, OfPeer> peers = new ConcurrentHashMap<>();
  private volatile String self = "0";

  PeerMetrics(MetricMaker make) {
    sentBytes = make.counter("etcd_network_peer_sent_bytes_total", "Bytes sent to peers", "To");
    receivedBytes =
        make.counter("etcd_network_peer_received_bytes_total", "Bytes received from peers", "From");
    sendFailures =
        make.counter(
            "etcd_network_peer_sent_failures_total",
            "Messages to peers that were dropped: the link was closed or full",
            "To");
    // etcd's buckets: 0.1 ms to 3.3 s
    roundTrips =
        make.histogram(
            "etcd_network_peer_round_trip_time_seconds",
            "How long a small frame to a peer and its answer take, measured every 3 s",
            0.0001,
            16,
            "To");
    active =
        make.gauge(
            "etcd_network_active_peers",
            "1 for each peer that this server has a link to, otherwise 0",
            "Local",
            "Remote");
    known =
        make.gauge(
            "etcd_network_known_peers", "1 for each member of the cluster", "Local", "Remote");
  }

  /** The series of one peer. */
  private final class OfPeer {
    private final CounterDataPoint sent;
    private final CounterDataPoint received;
    private final CounterDataPoint failures;
    private final DistributionDataPoint roundTrip;

    OfPeer(long id) {
      String peer = Long.toHexString(id);
      sent = sentBytes.labelValues(peer);
      received = receivedBytes.labelValues(peer);
      failures = sendFailures.labelValues(peer);
      roundTrip = roundTrips.labelValues(peer);
    }
  }

  /** Shows the members of the cluster. */
  void show(long memberId, List<Member> members) {
    self = Long.toHexString(memberId);
    for (Member member : members) {
      known.labelValues(self, Long.toHexString(member.id())).set(1);
      if (member.id() != memberId) {
        var _ = of(member.id());
        var _ = active(member.id());
      }
    }
  }

  private OfPeer of(long id) {
    OfPeer known = peers.get(id);
    return known != null ? known : peers.computeIfAbsent(id, OfPeer::new);
  }

  private GaugeDataPoint active(long id) {
    return active.labelValues(self, Long.toHexString(id));
  }

  void linked(long peer, boolean there) {
    active(peer).set(there ? 1 : 0);
  }

  void roundTrip(long peer, long nanos) {
    of(peer).roundTrip.observe(nanos / NANOS);
  }

  void sent(long peer, int bytes) {
    of(peer).sent.inc(bytes);
  }

  void received(long peer, int bytes) {
    of(peer).received.inc(bytes);
  }

  void sendFailed(long peer) {
    of(peer).failures.inc();
  }
}
