package io.balsa.api;

import io.balsa.bytes.Bytes;
import io.balsa.errors.EtcdError;
import io.balsa.front.CheckPage;
import io.balsa.front.HealthCheck;
import io.balsa.front.HealthDocument;
import io.balsa.front.HttpRequest;
import io.balsa.front.HttpResponse;
import io.balsa.front.HttpRoutes;
import io.balsa.front.MetricsPage;
import io.balsa.front.VersionPage;
import io.balsa.lanes.Outcome;
import io.balsa.model.Alarm;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.node.Node;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** etcd's HTTP pages: health, version, metrics. */
final class ServerPages {
  /** How long a check may take. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Node node;
  private final ServerMetrics metrics;

  ServerPages(Node node, ServerMetrics metrics) {
    this.node = node;
    this.metrics = metrics;
  }

  HttpRoutes addTo(HttpRoutes routes) {
    Map<String, HealthCheck> alive = new LinkedHashMap<>();
    HealthCheck local = check(false).within(PATIENCE);
    alive.put("serializable_read", local);
    Map<String, HealthCheck> ready = new LinkedHashMap<>();
    ready.put("data_corruption", this::corruption);
    ready.put("serializable_read", this::serves);
    ready.put("linearizable_read", check(true).within(PATIENCE));
    ready.put("non_learner", this::learning);
    metrics.show("livez", alive.keySet());
    metrics.show("readyz", ready.keySet());
    HttpRoutes more = new CheckPage("/livez", alive, metrics::checked).addTo(routes);
    return new CheckPage("/readyz", ready, metrics::checked)
        .addTo(more)
        .with("/health", this::health)
        .with("/version", new VersionPage(ServerPages::versions))
        .with("/metrics", new MetricsPage(metrics.registry(), ServerMetrics.BARE_COUNTERS));
  }

  /**
   * Whether clients get serializable reads. A server that has applied nothing refuses them: its
   * disk may have been emptied. The pages about liveness read nevertheless, because a restart would
   * not help.
   */
  private void serves(Consumer<String> done) {
    if (node.appliedIndex() == 0) {
      done.accept(text(new Outcome.Failed(Outcome.Failure.NO_LEADER)));
    } else {
      check(false).within(PATIENCE).run(done);
    }
  }

  private HealthCheck check(boolean linearizable) {
    return done -> read(linearizable, done);
  }

  /**
   * Reads a key and passes the error on; empty if there is none. Without a leader, a linearizable
   * read fails at once.
   */
  private void read(boolean linearizable, Consumer<String> done) {
    if (linearizable && node.leader() == 0) {
      done.accept(text(new Outcome.Failed(Outcome.Failure.NO_LEADER)));
      return;
    }
    node.readOwn(Range.of(Bytes.of(0)), linearizable, outcome -> done.accept(text(outcome)));
  }

  private static String text(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered(Result.Refused refused, long _) ->
          String.valueOf(EtcdError.of(refused.error()).status().getDescription());
      case Outcome.Answered _ -> "";
      case Outcome.Failed(Outcome.Failure failure) ->
          String.valueOf(EtcdError.of(failure).status().getDescription());
    };
  }

  private void corruption(Consumer<String> done) {
    boolean corrupt =
        node.status().alarms().stream().anyMatch(alarm -> alarm.kind() == Alarm.Kind.CORRUPT);
    done.accept(corrupt ? "alarm activated: CORRUPT" : "");
  }

  private void learning(Consumer<String> done) {
    done.accept(node.status().learner() ? "not supported for learner" : "");
  }

  /** etcd's old page: checks alarms, then the leader, then a read. */
  private void health(HttpRequest request, Consumer<HttpResponse> done) {
    if (!request.method().equals("GET")) {
      done.accept(HttpResponse.onlyGet());
      return;
    }
    boolean serializable =
        request.query().getOrDefault("serializable", List.of()).stream()
            .limit(1)
            .anyMatch("true"::equals);
    List<String> excluded = request.query().getOrDefault("exclude", List.of());
    String reason = alarmOrNoLeader(excluded, serializable);
    if (!reason.isEmpty()) {
      done.accept(health(reason));
    } else {
      check(!serializable)
          .within(PATIENCE)
          .run(error -> done.accept(health(error.isEmpty() ? "" : "RANGE ERROR:" + error)));
    }
  }

  private String alarmOrNoLeader(List<String> excluded, boolean serializable) {
    for (Alarm alarm : node.status().alarms()) {
      if (!excluded.contains(alarm.kind().name())) {
        return "ALARM " + alarm.kind().name();
      }
    }
    return !serializable && node.status().leader() == 0 ? "RAFT NO LEADER" : "";
  }

  private HttpResponse health(String reason) {
    metrics.healthAsked(reason.isEmpty());
    return HealthDocument.answer(reason);
  }

  private static VersionPage.Versions versions() {
    return new VersionPage.Versions(EtcdVersion.SERVER, EtcdVersion.CLUSTER, EtcdVersion.STORAGE);
  }
}
