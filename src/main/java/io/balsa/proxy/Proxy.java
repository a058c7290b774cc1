package io.balsa.proxy;

import io.balsa.bytes.HostPort;
import io.balsa.client.Endpoints;
import io.balsa.front.AnswerBudget;
import io.balsa.front.ClientFaults;
import io.balsa.front.FrontFailure;
import io.balsa.front.FrontLimits;
import io.balsa.front.FrontServer;
import io.balsa.front.HttpResponse;
import io.balsa.front.HttpRoutes;
import io.balsa.front.JsonGateway;
import io.balsa.front.MetricsPage;
import io.balsa.routing.Cluster;
import io.grpc.ServerServiceDefinition;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A proxy in front of a cluster, speaking etcd's protocol on one port.
 *
 * <ol>
 *   <li>A write is done once: what may have arrived somewhere is sent again only to servers that
 *       remember it by its name, which the proxy gives it if its client did not.
 *   <li>Reads are as linearizable as the servers make them; nothing is kept here.
 *   <li>While nobody leads, requests wait up to seven seconds, bounded in number and bytes.
 * </ol>
 */
public final class Proxy {
  private static final int EVENT_LOOPS = 2;
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Endpoints endpoints;
  private final Router router;
  private final FrontServer front;

  private Proxy(Endpoints endpoints, Router router, FrontServer front) {
    this.endpoints = endpoints;
    this.router = router;
    this.front = front;
  }

  /**
   * Opens the port and begins to look for the leader; no server need be up yet.
   *
   * @throws FrontFailure when the address cannot be listened on
   */
  public static Proxy start(ProxyConfig config) throws FrontFailure {
    Endpoints endpoints = new Endpoints(config.endpoints(), EVENT_LOOPS);
    Router router = new Router(config.readPolicy(), endpoints, new ProxyMetrics());
    OwnMembers members = new OwnMembers(config.advertise());
    try {
      FrontServer front = front(config, router, members);
      members.listensAt(front.addresses());
      router.begin();
      return new Proxy(endpoints, router, front);
    } catch (FrontFailure e) {
      endpoints.close();
      throw e;
    }
  }

  private static FrontServer front(ProxyConfig config, Router router, OwnMembers members)
      throws FrontFailure {
    List<ServerServiceDefinition> passed = new PassedServices(router, members::in).all();
    List<ServerServiceDefinition> services = new ArrayList<>(passed);
    services.add(router.health());
    JsonGateway gateway = new JsonGateway(passed, List.of());
    HttpRoutes routes =
        new HttpRoutes()
            .with(JsonGateway.PATH, gateway)
            .with(JsonGateway.OLD_PATH, gateway)
            .with("/metrics", new MetricsPage(router.metrics().registry()))
            .with("/health", (_, done) -> done.accept(health(router.serves())));
    ClientFaults faults = new ClientFaults();
    faults.registerIn(router.metrics().registry());
    HostPort listen = config.listen();
    return FrontServer.start(
        List.of(new InetSocketAddress(listen.host(), listen.port())),
        services,
        List.of(),
        routes,
        FrontLimits.DEFAULT.withConnections(config.connectionsMax()),
        AnswerBudget.ofProcess(),
        faults);
  }

  /** As etcd's, whose health is that a leader is there. */
  private static HttpResponse health(boolean serves) {
    return serves
        ? HttpResponse.json(200, "{\"health\":\"true\",\"reason\":\"\"}")
        : HttpResponse.json(503, "{\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"}");
  }

  /** Where it listens. */
  public List<InetSocketAddress> addresses() {
    return front.addresses();
  }

  /** Whether a leader is known and answers. */
  public boolean serves() {
    return router.serves();
  }

  /** What is known of the cluster. */
  Cluster cluster() {
    return router.cluster();
  }

  /** Takes no more requests, gives those under way two seconds, ends. Waits that long at most. */
  public void stop() {
    router.stop();
    front.stop(GRACE);
    endpoints.close();
  }
}
