package io.balsa.proxy;

import io.balsa.front.CheckPage;
import io.balsa.front.HealthCheck;
import io.balsa.front.HealthDocument;
import io.balsa.front.HttpRequest;
import io.balsa.front.HttpResponse;
import io.balsa.front.HttpRoutes;
import io.balsa.front.MetricsPage;
import io.balsa.front.VersionPage;
import java.util.Map;
import java.util.function.Consumer;

/**
 * etcd's HTTP pages for probes and people. The proxy answers them at once, without asking a server.
 */
final class ProxyPages {
  private final Router router;

  ProxyPages(Router router) {
    this.router = router;
  }

  HttpRoutes addTo(HttpRoutes routes) {
    Map<String, HealthCheck> ready = Map.of("leader", done -> done.accept(leader()));
    HttpRoutes more = new CheckPage("/livez", Map.of()).addTo(routes);
    MetricsPage metrics = new MetricsPage(router.metrics().registry());
    return new CheckPage("/readyz", ready)
        .addTo(more)
        .with("/metrics", metrics)
        .with("/proxy/metrics", metrics) // the names of etcd's gRPC proxy for its own pages
        .with("/proxy/health", this::health)
        .with("/version", new VersionPage(router::versions))
        .with("/health", this::health);
  }

  private String leader() {
    return router.serves() ? "" : String.valueOf(ProxyErrors.NO_LEADER.getDescription());
  }

  /** As in etcd, the proxy is healthy if there is a leader. */
  private void health(HttpRequest request, Consumer<HttpResponse> done) {
    if (request.method().equals("GET")) {
      String reason = router.serves() ? "" : "RAFT NO LEADER";
      done.accept(HealthDocument.answer(reason));
    } else {
      done.accept(HttpResponse.onlyGet());
    }
  }
}
