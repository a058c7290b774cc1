package io.balsa.proxy;

import io.balsa.client.Endpoint;
import io.balsa.front.ProcessMetrics;
import io.balsa.routing.ClusterView;
import io.balsa.routing.RequestKind;
import io.grpc.Status;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The proxy's metrics. Requests are counted by route, server and outcome. */
final class ProxyMetrics {
  private static final List<String> ROUTES =
      List.of("key", "range", "question", "leader", "stream");

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests =
      Counter.builder()
          .name("balsa_proxy_requests_total")
          .help("Requests that ended at a server, by route, server and outcome.")
          .labelNames("route", "target", "outcome")
          .register(registry);
  private final Counter held =
      Counter.builder()
          .name("balsa_proxy_held_total")
          .help("Requests that had to wait for a leader.")
          .register(registry);
  private final Counter refused =
      Counter.builder()
          .name("balsa_proxy_refused_total")
          .help("Requests that the proxy refused itself, by why: waiting, bytes, streams.")
          .labelNames("reason")
          .register(registry);
  private final Counter retried =
      Counter.builder()
          .name("balsa_proxy_retried_total")
          .help("Requests that were sent again, by why: unsent, refused, not_leader, broken, room.")
          .labelNames("reason")
          .register(registry);
  private final Counter resumed =
      Counter.builder()
          .name("balsa_proxy_streams_resumed_total")
          .help("Watch and keepalive streams that went on at another server.")
          .register(registry);
  private final Counter leaderChanges =
      Counter.builder()
          .name("balsa_proxy_leader_changes_total")
          .help("How often another leader was found.")
          .register(registry);
  private final Gauge hasLeader =
      Gauge.builder()
          .name("balsa_proxy_has_leader")
          .help("Whether a leader is known. 1 is yes, 0 is no.")
          .register(registry);
  private final Map<Endpoint, Counts> counts = new ConcurrentHashMap<>();

  /** Counts from 0. */
  ProxyMetrics() {
    ProcessMetrics.register(registry);
    for (RetryReason reason : RetryReason.values()) {
      retried.initLabelValues(reason.label());
    }
  }

  PrometheusRegistry registry() {
    return registry;
  }

  void ended(RequestKind request, Endpoint target, Status status) {
    counts(target).count(route(request), status);
  }

  void streamEnded(Endpoint target, Status status) {
    counts(target).count(ROUTES.indexOf("stream"), status);
  }

  private static int route(RequestKind request) {
    return switch (request) {
      case RequestKind.KeyRead _ -> 0;
      case RequestKind.RangeRead _ -> 1;
      case RequestKind.LeaderPreferred _ -> 2;
      case RequestKind.LeaderOnly _ -> 3;
    };
  }

  private Counts counts(Endpoint target) {
    Counts known = counts.get(target);
    return known != null ? known : counts.computeIfAbsent(target, this::countsOf);
  }

  private Counts countsOf(Endpoint target) {
    return new Counts(
        ROUTES.stream().map(route -> requests.labelValues(route, target.toString(), "ok")).toList(),
        ROUTES.stream()
            .map(route -> requests.labelValues(route, target.toString(), "failed"))
            .toList());
  }

  /** Counts a request that the proxy refused itself: for its waiting requests, bytes or streams. */
  void refused(String reason) {
    refused.labelValues(reason).inc();
  }

  void held() {
    held.inc();
  }

  void repeated(RetryReason why) {
    retried.labelValues(why.label()).inc();
  }

  void streamResumed() {
    resumed.inc();
  }

  void changed(ClusterView before, ClusterView now) {
    hasLeader.set(now.leads() ? 1 : 0);
    if (now.leads() && now.view().leader() != before.view().leader()) {
      leaderChanges.inc();
    }
  }

  private record Counts(List<CounterDataPoint> ok, List<CounterDataPoint> failed) {
    void count(int route, Status status) {
      (status.isOk() ? ok : failed).get(route).inc();
    }
  }
}
