package io.balsa.api;

import io.balsa.lanes.NodeMetrics;
import io.balsa.node.NodeStatus;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of a server under etcd's names, so that dashboards and alerts for etcd work. The
 * object is made before the node, which gets it, and then given to {@link EtcdServer}.
 */
public final class ServerMetrics implements NodeMetrics {
  private static final double NANOS = 1e9;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Histogram forces =
      seconds("etcd_disk_wal_fsync_duration_seconds", "How long a force of the log takes");
  private final Histogram commits =
      seconds("etcd_disk_backend_commit_duration_seconds", "How long a batch into the store takes");
  private final Counter leaderChanges =
      counter("etcd_server_leader_changes_seen_total", "Leaders seen");
  private final Counter snapshotsInstalled =
      counter("balsa_server_snapshots_installed_total", "Snapshots got from a leader");
  private final Counter proposalsFailed =
      counter("etcd_server_proposals_failed_total", "Proposals that failed");
  private final Counter sentBytes =
      counter("etcd_network_peer_sent_bytes_total", "Bytes sent to peers", "To");
  private final Counter receivedBytes =
      counter("etcd_network_peer_received_bytes_total", "Bytes received from peers", "From");
  private final Counter sendFailures =
      counter("etcd_network_peer_sent_failures_total", "Messages to peers dropped", "To");
  private final Counter laneFailures =
      counter(
          "balsa_server_lane_failures_total",
          "Tasks that failed on a lane that serves clients, each of which was contained",
          "lane");
  private final Counter peerRefusals =
      counter("balsa_peer_refused_total", "Greetings and frames refused at the peer port");
  private final Map<Long, CounterDataPoint> sentTo = new ConcurrentHashMap<>();
  private final Map<Long, CounterDataPoint> receivedFrom = new ConcurrentHashMap<>();
  private final LongAdder pending = new LongAdder();
  private final AtomicLong leader = new AtomicLong();
  private final SlowWork slow;
  private final Gauge healthy =
      Gauge.builder()
          .name("etcd_server_health_success")
          .help("Health checks that found the server well")
          .register(registry);
  private final Gauge unhealthy =
      Gauge.builder()
          .name("etcd_server_health_failures")
          .help("Health checks that found the server unwell")
          .register(registry);

  /** Counts from 0. */
  public ServerMetrics() {
    this(SlowWork.APPLY_DEFAULT);
  }

  /**
   * Counts from 0.
   *
   * @param slowApply applying that takes longer is logged; 0 or less for none
   */
  public ServerMetrics(Duration slowApply) {
    slow = new SlowWork(slowApply);
    ProcessMetrics.register(registry);
  }

  /** The registry of all metrics; other classes may add theirs. */
  public PrometheusRegistry registry() {
    return registry;
  }

  private Histogram seconds(String name, String help) {
    // etcd's buckets: 1 ms to 8.2 s, each twice the one before
    return Histogram.builder()
        .name(name)
        .help(help)
        .classicOnly()
        .withoutExemplars()
        .classicExponentialUpperBounds(0.001, 2, 14)
        .register(registry);
  }

  private Counter counter(String name, String help, String... labels) {
    return CallMetrics.counter(name, help, registry, labels);
  }

  /** Registers a node's state; each scrape reads it anew. */
  void show(Supplier<NodeStatus> status, long memberId, long quotaBytes) {
    gauge("etcd_server_has_leader", "Whether a leader is known", status, s -> bit(s.leader() != 0));
    gauge(
        "etcd_server_is_leader",
        "Whether this server leads",
        status,
        s -> bit(s.leader() == memberId));
    gauge("etcd_server_is_learner", "Whether it only learns", status, s -> bit(s.learner()));
    gauge("etcd_server_quota_backend_bytes", "The store's quota", status, _ -> quotaBytes);
    gauge("etcd_mvcc_db_total_size_in_bytes", "The store", status, NodeStatus::databaseBytes);
    gauge(
        "etcd_mvcc_db_total_size_in_use_in_bytes",
        "The store's share in use",
        status,
        NodeStatus::bytesInUse);
    gauge("etcd_debugging_mvcc_current_revision", "The revision", status, NodeStatus::revision);
    gauge(
        "etcd_debugging_mvcc_compact_revision",
        "The revision that history begins after",
        status,
        NodeStatus::compactRevision);
    gauge("etcd_server_proposals_pending", "Proposals under way", status, _ -> pending.sum());
    total("etcd_server_proposals_committed", "Entries committed", status, NodeStatus::commitIndex);
    total("etcd_server_proposals_applied", "Entries applied", status, NodeStatus::applied);
    total("balsa_server_pauses", "Times the process stood still", status, NodeStatus::pausesSeen);
    constant("etcd_server_id", "server_id", Long.toHexString(memberId));
    constant("etcd_server_version", "server_version", EtcdVersion.SERVER);
    constant("etcd_cluster_version", "cluster_version", EtcdVersion.CLUSTER.substring(0, 3));
  }

  private static double bit(boolean set) {
    return set ? 1 : 0;
  }

  private void gauge(
      String name, String help, Supplier<NodeStatus> status, ToDoubleFunction<NodeStatus> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.applyAsDouble(status.get())))
        .register(registry);
  }

  private void total(
      String name, String help, Supplier<NodeStatus> status, ToDoubleFunction<NodeStatus> value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.applyAsDouble(status.get())))
        .register(registry);
  }

  private void constant(String name, String label, String value) {
    Gauge.builder()
        .name(name)
        .help("Its label says it")
        .labelNames(label)
        .register(registry)
        .labelValues(value)
        .set(1);
  }

  /** Counts a failed task on a lane that serves clients. */
  public void taskFailed(String lane) {
    laneFailures.labelValues(lane).inc();
  }

  void proposalBegun() {
    pending.increment();
  }

  void proposalEnded() {
    pending.decrement();
  }

  void healthAsked(boolean well) {
    (well ? healthy : unhealthy).inc();
  }

  @Override
  public void forced(long nanos) {
    forces.observe(nanos / NANOS);
    slow.forced(nanos);
  }

  @Override
  public void applied(int entries, long nanos) {
    commits.observe(nanos / NANOS);
    slow.applied(entries, nanos);
  }

  @Override
  public void snapshotInstalled() {
    snapshotsInstalled.inc();
  }

  @Override
  public void leaderChanged(long newLeader) {
    if (newLeader != 0 && leader.getAndSet(newLeader) != newLeader) {
      leaderChanges.inc();
    }
  }

  @Override
  public void proposalsFailed(int commands) {
    proposalsFailed.inc(commands);
  }

  @Override
  public void sent(long peer, int bytes) {
    sentTo.computeIfAbsent(peer, p -> sentBytes.labelValues(Long.toHexString(p))).inc(bytes);
  }

  @Override
  public void received(long peer, int bytes) {
    receivedFrom
        .computeIfAbsent(peer, p -> receivedBytes.labelValues(Long.toHexString(p)))
        .inc(bytes);
  }

  @Override
  public void peerRefused() {
    peerRefusals.inc();
  }

  @Override
  public void sendFailed(long peer) {
    sendFailures.labelValues(Long.toHexString(peer)).inc();
  }
}
