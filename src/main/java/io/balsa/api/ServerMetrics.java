package io.balsa.api;

import io.balsa.access.Access;
import io.balsa.access.AccessGate;
import io.balsa.audit.AuditLog;
import io.balsa.front.ProcessMetrics;
import io.balsa.front.TlsLog;
import io.balsa.lanes.NodeMetrics;
import io.balsa.model.Alarm;
import io.balsa.model.Command;
import io.balsa.model.Result;
import io.balsa.node.NodeStatus;
import io.balsa.tls.TlsSource;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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

  /** The counters that etcd names without {@code _total}. */
  static final List<String> BARE_COUNTERS =
      List.of(
          "etcd_server_health_success",
          "etcd_server_health_failures",
          "etcd_server_learner_promote_successes");

  /** The lanes whose failed tasks are contained; other ones get their series with a failure. */
  private static final List<String> SERVICE_LANES =
      List.of("answers", "history", "reads", "scans", "watches", "weighings");

  /** How long a batch may take to apply before it counts as slow, as in etcd. */
  private static final long SLOW_APPLY_NANOS = 100_000_000;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final MetricMaker make = new MetricMaker(registry);
  // etcd's buckets: 1 ms to 8.2 s
  private final Histogram forces =
      make.histogram(
          "etcd_disk_wal_fsync_duration_seconds", "How long a force of the log takes", 0.001, 14);
  private final Histogram commits =
      make.histogram(
          "etcd_disk_backend_commit_duration_seconds",
          "How long a batch into the store takes",
          0.001,
          14);
  private final Counter slowApplies =
      make.counter("etcd_server_slow_apply_total", "Batches into the store that took over 100 ms");
  private final Counter leaderChanges =
      make.counter("etcd_server_leader_changes_seen_total", "Leaders seen");
  private final Counter snapshotsInstalled =
      make.counter("balsa_server_snapshots_installed_total", "Snapshots got from a leader");
  private final Gauge snapshotInstalling =
      make.gauge(
          "etcd_server_snapshot_apply_in_progress_total",
          "1 while a snapshot from the leader replaces the store");
  private final Counter proposalsFailed =
      make.counter("etcd_server_proposals_failed_total", "Proposals that failed");
  private final Counter readIndexesFailed =
      make.counter("etcd_server_read_indexes_failed_total", "Read indexes that the leader refused");
  private final Counter laneFailures =
      make.counter(
          "balsa_server_lane_failures_total",
          "Tasks that failed on a lane that serves clients, each of which was contained",
          "lane");
  private final Counter peerRefusals =
      make.counter("balsa_peer_refused_total", "Greetings and frames refused at the peer port");
  private final Counter healthy =
      make.counter("etcd_server_health_success", "Health checks that found the server well");
  private final Counter unhealthy =
      make.counter("etcd_server_health_failures", "Health checks that found the server unwell");
  private final Gauge checked =
      make.gauge("etcd_server_healthcheck", "1 if the check succeeded last time", "type", "name");
  private final Counter checks =
      make.counter(
          "etcd_server_healthchecks_total",
          "Checks of /livez and /readyz",
          "type",
          "name",
          "status");
  private final PeerMetrics peers = new PeerMetrics(make);
  private final StoreMetrics store = new StoreMetrics(make);
  private final WatchMetrics watches = new WatchMetrics(make);
  private final DiskMetrics disk = new DiskMetrics(registry);
  private final ClientVersions clientVersions = new ClientVersions(make);
  private final LongAdder pending = new LongAdder();
  private final AtomicLong leader = new AtomicLong();
  private final SlowWork slow;
  private volatile long self;

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
    SERVICE_LANES.forEach(laneFailures::initLabelValues);
    make.counter("etcd_server_learner_promote_successes", "Learners that became voters");
    make.gauge("etcd_disk_defrag_inflight", "1 while the store is defragmented; never here");
    make.gauge("etcd_debugging_auth_revision", "The revision of users and roles").set(1);
  }

  /** The registry of all metrics; other classes may add theirs. */
  public PrometheusRegistry registry() {
    return registry;
  }

  /** Shows the health of the files for TLS, by what they are for. */
  public void show(Map<String, TlsSource> tls) {
    TlsLog.show(registry, tls);
  }

  PeerMetrics peers() {
    return peers;
  }

  StoreMetrics store() {
    return store;
  }

  WatchMetrics watches() {
    return watches;
  }

  ClientVersions clientVersions() {
    return clientVersions;
  }

  /** Registers a node's state; each scrape reads it anew. */
  void show(Supplier<NodeStatus> status, long memberId, long quotaBytes) {
    self = memberId;
    peers.show(memberId, status.get().members());
    showRaft(status, memberId);
    showStore(status, quotaBytes);
    make.constant("etcd_server_id", "server_id", Long.toHexString(memberId));
    make.constant("etcd_server_version", "server_version", EtcdVersion.SERVER);
    make.constant("etcd_cluster_version", "cluster_version", EtcdVersion.CLUSTER.substring(0, 3));
  }

  /** Registers the audit trail, and what the gate of the client port has refused. */
  void show(AuditLog audit, Access access) {
    showRefusals(access);
    make.counterOf(
        "balsa_audit_records_total",
        "Records of the audit trail that were written",
        audit::written);
    make.counterOf(
        "balsa_audit_lost_total",
        "Records of the audit trail that were lost or left out",
        audit::lost);
  }

  private void showRefusals(Access access) {
    make.counterOf(
        "balsa_requests_refused",
        "Requests refused before their service: too many of one user, or too many logins",
        "reason",
        Map.of(
            "user_rate", access.gate()::refusedByRate,
            "logins", access.passwords()::refused,
            "waiting", AccessGate::refusedWaiting));
  }

  private void showRaft(Supplier<NodeStatus> status, long memberId) {
    gauge("etcd_server_has_leader", "Whether a leader is known", status, s -> bit(s.leader() != 0));
    gauge(
        "etcd_server_is_leader",
        "Whether this server leads",
        status,
        s -> bit(s.leader() == memberId));
    gauge("etcd_server_is_learner", "Whether it only learns", status, s -> bit(s.learner()));
    gauge("etcd_server_proposals_pending", "Proposals under way", status, _ -> pending.sum());
    // etcd's type of both is gauge, because its count begins with the log and not with the process
    gauge(
        "etcd_server_proposals_committed_total",
        "Entries committed",
        status,
        NodeStatus::commitIndex);
    gauge("etcd_server_proposals_applied_total", "Entries applied", status, NodeStatus::applied);
    showAlarms(status);
    make.counterOf(
        "balsa_server_pauses", "Times the process stood still", () -> status.get().pausesSeen());
  }

  private void showAlarms(Supplier<NodeStatus> status) {
    GaugeWithCallback.builder()
        .name("balsa_server_alarm")
        .help("1 while an alarm of the kind is raised by any member")
        .labelNames("kind")
        .callback(
            callback -> {
              List<Alarm> raised = status.get().alarms();
              for (Alarm.Kind kind : Alarm.Kind.values()) {
                boolean on = raised.stream().anyMatch(alarm -> alarm.kind() == kind);
                callback.call(bit(on), kind.name());
              }
            })
        .register(registry);
  }

  private void showStore(Supplier<NodeStatus> status, long quotaBytes) {
    gauge("etcd_server_quota_backend_bytes", "The store's quota", status, _ -> quotaBytes);
    gauge("etcd_mvcc_db_total_size_in_bytes", "The store", status, NodeStatus::databaseBytes);
    gauge(
        "etcd_mvcc_db_total_size_in_use_in_bytes",
        "The store's share in use",
        status,
        NodeStatus::bytesInUse);
    gauge("etcd_debugging_mvcc_keys_total", "Keys", status, NodeStatus::keys);
    gauge("etcd_debugging_mvcc_current_revision", "The revision", status, NodeStatus::revision);
    gauge(
        "etcd_debugging_mvcc_compact_revision",
        "The revision that history begins after",
        status,
        NodeStatus::compactRevision);
    gauge(
        "etcd_debugging_mvcc_slow_watcher_total",
        "Watchers that are behind and have room",
        status,
        NodeStatus::watchersBehind);
  }

  private static double bit(boolean set) {
    return set ? 1 : 0;
  }

  private void gauge(
      String name, String help, Supplier<NodeStatus> status, ToDoubleFunction<NodeStatus> value) {
    make.gaugeOf(name, help, () -> value.applyAsDouble(status.get()));
  }

  /** Counts a failed task on a lane that serves clients. */
  public void taskFailed(String lane) {
    laneFailures.labelValues(lane).inc();
  }

  @Override
  public void diskLookedAt(long freeBytes, long reserveBytes) {
    disk.lookedAt(freeBytes, reserveBytes);
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

  /**
   * Counts a check of a page.
   *
   * @param page {@code livez} or {@code readyz}
   */
  void checked(String page, String check, boolean well) {
    checked.labelValues(page, check).set(bit(well));
    checks.labelValues(page, check, well ? "success" : "error").inc();
  }

  /** Shows a page's checks before the first request for them. */
  void show(String page, Collection<String> names) {
    for (String name : names) {
      checks.initLabelValues(page, name, "success");
      checks.initLabelValues(page, name, "error");
    }
  }

  @Override
  public void forced(long nanos) {
    forces.observe(nanos / NANOS);
    slow.forced(nanos);
  }

  @Override
  public void applied(int entries, long nanos) {
    commits.observe(nanos / NANOS);
    if (nanos > SLOW_APPLY_NANOS) {
      slowApplies.inc();
    }
    slow.applied(entries, nanos);
  }

  @Override
  public void appliedCommand(Command command, Result result) {
    store.applied(command, result, leader.get() == self);
  }

  @Override
  public void snapshotInstalling() {
    snapshotInstalling.set(1);
  }

  @Override
  public void snapshotInstalled() {
    snapshotsInstalled.inc();
    snapshotInstalling.set(0);
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
  public void readIndexFailed() {
    readIndexesFailed.inc();
  }

  @Override
  public void linked(long peer, boolean there) {
    peers.linked(peer, there);
  }

  @Override
  public boolean wantsRoundTrips() {
    return true;
  }

  @Override
  public void roundTrip(long peer, long nanos) {
    peers.roundTrip(peer, nanos);
  }

  @Override
  public void sent(long peer, int bytes) {
    peers.sent(peer, bytes);
  }

  @Override
  public void received(long peer, int bytes) {
    peers.received(peer, bytes);
  }

  @Override
  public void sendFailed(long peer) {
    peers.sendFailed(peer);
  }

  @Override
  public void peerRefused() {
    peerRefusals.inc();
  }
}
