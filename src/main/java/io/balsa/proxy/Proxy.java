package io.balsa.proxy;

import io.balsa.budget.AnswerBudget;
import io.balsa.bytes.HostPort;
import io.balsa.client.Endpoints;
import io.balsa.front.ClientFaults;
import io.balsa.front.FrontFailure;
import io.balsa.front.FrontLimits;
import io.balsa.front.FrontServer;
import io.balsa.front.HealthNameLimit;
import io.balsa.front.HttpRoutes;
import io.balsa.front.JsonGateway;
import io.balsa.routing.ClusterView;
import io.grpc.ServerInterceptors;
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
    AnswerBudget budget = AnswerBudget.ofProxy(config.responseBytesMax());
    return start(config, RequestBudget.ofProcess(), budget);
  }

  /** The same, with room of its own for requests and answers. */
  static Proxy start(ProxyConfig config, RequestBudget requests, AnswerBudget budget)
      throws FrontFailure {
    int answerBytesMax = (int) Math.min(budget.bytesMax(), Integer.MAX_VALUE);
    Endpoints endpoints = new Endpoints(config.endpoints(), EVENT_LOOPS, answerBytesMax);
    Router router = new Router(config.readPolicy(), endpoints, new ProxyMetrics(), requests);
    AdvertisedMembers members = new AdvertisedMembers(config.advertise());
    try {
      FrontServer front = front(config, router, members, budget);
      members.listensAt(front.addresses());
      router.begin();
      return new Proxy(endpoints, router, front);
    } catch (FrontFailure e) {
      endpoints.close();
      throw e;
    }
  }

  private static FrontServer front(
      ProxyConfig config, Router router, AdvertisedMembers members, AnswerBudget budget)
      throws FrontFailure {
    List<ServerServiceDefinition> passed = new ProxiedServices(router, members::in).all();
    List<ServerServiceDefinition> services = new ArrayList<>(passed);
    services.add(ServerInterceptors.intercept(router.health(), new HealthNameLimit()));
    JsonGateway gateway = new JsonGateway(passed, List.of());
    HttpRoutes routes =
        new ProxyPages(router)
            .addTo(new HttpRoutes())
            .with(JsonGateway.PATH, gateway)
            .with(JsonGateway.OLD_PATH, gateway);
    ClientFaults faults = new ClientFaults();
    faults.registerIn(router.metrics().registry());
    HostPort listen = config.listen();
    return FrontServer.start(
        List.of(new InetSocketAddress(listen.host(), listen.port())),
        services,
        List.of(),
        routes,
        FrontLimits.DEFAULT.withConnections(config.connectionsMax()),
        budget,
        faults);
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
  ClusterView cluster() {
    return router.cluster();
  }

  /** Takes no more requests, gives those under way two seconds, ends. Waits that long at most. */
  public void stop() {
    router.stop();
    front.stop(GRACE);
    endpoints.close();
  }
}
