package io.balsa.proxy;

import io.balsa.budget.AnswerBudget;
import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.Endpoints;
import io.balsa.front.ClientFaults;
import io.balsa.front.FrontFailure;
import io.balsa.front.FrontLimits;
import io.balsa.front.FrontPort;
import io.balsa.front.FrontServer;
import io.balsa.front.HealthNameLimit;
import io.balsa.front.HttpRoutes;
import io.balsa.front.JsonGateway;
import io.balsa.front.TlsLog;
import io.balsa.routing.ClusterView;
import io.balsa.tls.ClientTls;
import io.balsa.tls.ServerTls;
import io.balsa.tls.TlsSource;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A proxy before a cluster, with etcd's protocol on one port.
 *
 * <ol>
 *   <li>A write is performed once. A write that may have reached a server is sent again only if
 *       servers know it by its name. The proxy names each write that its client did not name.
 *   <li>Reads are linearizable as the servers answer them. The proxy caches nothing.
 *   <li>While no leader is known, requests wait up to seven seconds, limited in number and bytes.
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
   * Opens the port and begins to look for the leader. The servers may start later.
   *
   * @throws FrontFailure when the address cannot be listened on
   */
  public static Proxy start(ProxyConfig config) throws FrontFailure {
    AnswerBudget budget = AnswerBudget.ofProxy(config.responseBytesMax());
    return start(config, UnaryRequestBudget.ofProcess(), budget);
  }

  /** As {@link #start(ProxyConfig)}, with the given budgets for requests and answers. */
  static Proxy start(ProxyConfig config, UnaryRequestBudget requests, AnswerBudget budget)
      throws FrontFailure {
    int answerBytesMax = (int) Math.min(budget.bytesMax(), Integer.MAX_VALUE);
    ClientSettings settings =
        ClientSettings.DEFAULT.receiving(answerBytesMax).with(config.upstream());
    Endpoints endpoints = new Endpoints(config.endpoints(), EVENT_LOOPS, settings);
    Router router = new Router(config.readPolicy(), endpoints, new ProxyMetrics(), requests);
    AdvertisedMembers members = new AdvertisedMembers(config.advertise());
    try {
      FrontServer front = front(config, router, members, budget);
      members.listensAt(front.addresses(), config.listen().isSecure());
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
    TlsLog.show(router.metrics().registry(), sources(config));
    return FrontServer.start(
        List.of(new FrontPort(List.of(place(config)), services, routes)),
        List.of(),
        FrontLimits.DEFAULT.withConnections(config.connectionsMax()),
        budget,
        faults);
  }

  private static FrontPort.Place place(ProxyConfig config) {
    HostPort listen = config.listen();
    return new FrontPort.Place(
        new InetSocketAddress(listen.host(), listen.port()),
        listen.isSecure() ? config.tls() : null);
  }

  private static Map<String, TlsSource> sources(ProxyConfig config) {
    Map<String, TlsSource> sources = new LinkedHashMap<>();
    ServerTls tls = config.tls();
    if (tls != null) {
      sources.put("clients", tls.source());
    }
    if (config.upstream() != ClientTls.OF_SYSTEM) {
      sources.put("servers", config.upstream().source());
    }
    return sources;
  }

  /** The addresses where the proxy listens. */
  public List<InetSocketAddress> addresses() {
    return front.addresses();
  }

  /** Whether a leader is known and answers. */
  public boolean serves() {
    return router.serves();
  }

  /** Calls {@code done} once, when every thread that serves clients has run a task. */
  public void prove(Runnable done) {
    front.prove(done);
  }

  /** The current view of the cluster. */
  ClusterView cluster() {
    return router.cluster();
  }

  /**
   * Accepts no more requests, gives the open ones two seconds, and ends. Blocks for two seconds at
   * most.
   */
  public void stop() {
    router.stop();
    front.stop(GRACE);
    endpoints.close();
  }
}
