package io.balsa.api;

import io.balsa.access.Access;
import io.balsa.audit.AuditLog;
import io.balsa.budget.AnswerBudget;
import io.balsa.budget.HeapMark;
import io.balsa.bytes.Undo;
import io.balsa.front.ClientFaults;
import io.balsa.front.FrontFailure;
import io.balsa.front.FrontLimits;
import io.balsa.front.FrontPort;
import io.balsa.front.FrontServer;
import io.balsa.front.HealthNameLimit;
import io.balsa.front.HttpRoutes;
import io.balsa.front.JsonGateway;
import io.balsa.login.WrongTokenScheme;
import io.balsa.node.Node;
import io.balsa.tls.ClientCertificate;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Serves a node to etcd's clients: gRPC, the JSON gateway and etcd's pages on one port.
 *
 * <p>The owner starts the node before this server and stops it after.
 */
public final class EtcdServer {
  private final FrontServer front;
  private final HealthStatusManager health;
  private final HasLeaderStreams hasLeader;

  private final Access access;
  private final AuditLog audit;
  private final List<ServerServiceDefinition> services;

  private EtcdServer(
      FrontServer front,
      HealthStatusManager health,
      HasLeaderStreams hasLeader,
      Access access,
      AuditLog audit,
      List<ServerServiceDefinition> services) {
    this.front = front;
    this.health = health;
    this.hasLeader = hasLeader;
    this.access = access;
    this.audit = audit;
    this.services = List.copyOf(services);
  }

  /**
   * Opens the client port.
   *
   * @param metrics the metrics of the node
   * @throws FrontFailure if the port cannot listen on an address; the message names it
   */
  public static EtcdServer start(EtcdServerConfig config, Node node, ServerMetrics metrics)
      throws FrontFailure {
    AnswerBudget budget =
        AnswerBudget.ofProcess(config.maxResponseBytes())
            .guardedBy(HeapMark.ofProcess(config.heapPercent()));
    return start(config, node, metrics, budget);
  }

  static EtcdServer start(
      EtcdServerConfig config, Node node, ServerMetrics metrics, AnswerBudget budget)
      throws FrontFailure {
    AuditLog audit = audit(config.access().audit());
    try (Undo<RuntimeException> closeAudit = new Undo<>(audit::close)) {
      Access access = access(config, node, audit);
      try (Undo<RuntimeException> closeAccess = new Undo<>(access::close)) {
        EtcdServer server = serve(config, node, metrics, budget, access, audit);
        closeAccess.cancel();
        closeAudit.cancel();
        return server;
      }
    }
  }

  private static EtcdServer serve(
      EtcdServerConfig config,
      Node node,
      ServerMetrics metrics,
      AnswerBudget budget,
      Access access,
      AuditLog audit)
      throws FrontFailure {
    budget.show(metrics.registry());
    metrics.show(node::status, node.memberId(), config.quotaBytes());
    HealthStatusManager health = new HealthStatusManager();
    ToProto toProto = new ToProto(node.status().clusterId(), node.memberId(), node::leader);
    node.tellProgressEvery(config.watchProgress());
    HasLeaderStreams hasLeader = new HasLeaderStreams(() -> node.status().leader());
    CallMetrics calls = new CallMetrics(metrics.registry());
    metrics.show(audit, access);
    List<ServerServiceDefinition> etcd =
        services(config, node, metrics, calls, toProto, hasLeader, access);
    List<ServerServiceDefinition> all = new ArrayList<>(etcd);
    all.addAll(tools(health, access));
    calls.count(all);
    SlowRequests slow = new SlowRequests(config.slowRequest());
    slow.watch(etcd);
    List<ServerStreamTracer.Factory> tracers = List.of(calls, slow);
    HttpRoutes pages =
        new ServerPages(node, metrics).addTo(new HttpRoutes(config.listen().access()));
    HttpRoutes routes =
        config.listen().jsonGateway() ? withJson(pages, new JsonGateway(etcd, tracers)) : pages;
    FrontLimits limits =
        FrontLimits.of(config.maxRequestBytes())
            .withConnections(config.connectionsMax())
            .withGrpc(config.grpc());
    ClientFaults faults = new ClientFaults();
    faults.registerIn(metrics.registry());
    FrontServer front =
        FrontServer.start(
            ports(config.listen(), all, routes, pages), tracers, limits, budget, faults);
    hasLeader.begin();
    return new EtcdServer(front, health, hasLeader, access, audit, all);
  }

  private static HttpRoutes withJson(HttpRoutes pages, JsonGateway gateway) {
    return pages.with(JsonGateway.PATH, gateway).with(JsonGateway.OLD_PATH, gateway);
  }

  /** The services that are no part of etcd's API. */
  private static List<ServerServiceDefinition> tools(HealthStatusManager health, Access access) {
    return List.of(
        ServerInterceptors.intercept(
            health.getHealthService(), new HealthNameLimit(), access.gate()),
        ServerInterceptors.intercept(ProtoReflectionServiceV1.newInstance(), access.gate()),
        ServerInterceptors.intercept(oldReflection(), access.gate()));
  }

  private static AuditLog audit(AuditLog.Settings settings) throws FrontFailure {
    try {
      return AuditLog.open(settings);
    } catch (IOException e) {
      throw new FrontFailure(
          "the audit trail " + settings.file() + " cannot be opened: " + e.getMessage(), e);
    }
  }

  /** The gate, with the keys that sign tokens. */
  private static Access access(EtcdServerConfig config, Node node, AuditLog audit)
      throws FrontFailure {
    try {
      return Access.open(node, config.access(), ClientCertificate::nameOf, audit);
    } catch (WrongTokenScheme e) {
      throw new FrontFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /** What is served where. */
  private static List<FrontPort> ports(
      EtcdServerConfig.Listening listen,
      List<ServerServiceDefinition> services,
      HttpRoutes routes,
      HttpRoutes pages) {
    if (listen.http().isEmpty()) {
      return List.of(
          new FrontPort(listen.clients(), services, routes),
          new FrontPort(listen.metrics(), List.of(), pages));
    }
    return List.of(
        new FrontPort(listen.clients(), services, new HttpRoutes()),
        new FrontPort(listen.http(), List.of(), routes),
        new FrontPort(listen.metrics(), List.of(), pages));
  }

  /** grpcurl and other tools try the old name of the service first. */
  @SuppressWarnings("deprecation")
  private static ServerServiceDefinition oldReflection() {
    return io.grpc.protobuf.services.ProtoReflectionService.newInstance().bindService();
  }

  private static List<ServerServiceDefinition> services(
      EtcdServerConfig config,
      Node node,
      ServerMetrics metrics,
      CallMetrics callMetrics,
      ToProto toProto,
      HasLeaderStreams hasLeader,
      Access access) {
    MetadataGate gate = new MetadataGate(node, hasLeader, metrics.clientVersions());
    BindableService kv =
        new KvService(node, toProto, metrics, config.maxRequestBytes(), config.maxTxnOps());
    List<ServerServiceDefinition> services = new ArrayList<>();
    services.add(kv.bindService());
    services.add(
        new MaintenanceService(node, toProto, config.quotaBytes(), config.troubles())
            .bindService());
    services.add(new ClusterService(node, toProto).define());
    services.add(new AuthService(node, toProto, access).bindService());
    services.add(
        new WatchService(node, toProto, callMetrics, metrics.watches(), config.maxRequestBytes())
            .define());
    services.add(new LeaseService(node, toProto, metrics.store()).bindService());
    services.add(new LockService(node, toProto).bindService());
    services.add(new ElectionService(node, toProto).bindService());
    services.add(new ProbeService(node).bindService());
    return services.stream()
        .map(s -> ServerInterceptors.intercept(s, gate, access.gate()))
        .toList();
  }

  /** All services that it serves over gRPC. */
  List<ServerServiceDefinition> services() {
    return services;
  }

  /** The addresses that it listens on, in the given order, with their real port numbers. */
  public List<InetSocketAddress> addresses() {
    return front.addresses();
  }

  /** Calls {@code done} once, when every thread of the port has run a task. */
  public void prove(Runnable done) {
    front.prove(done);
  }

  /** Takes no more calls and ends the streams. After the grace it ends all other open calls. */
  public void drain(Duration grace) {
    health.enterTerminalState();
    front.drain(grace);
  }

  /** Ends its threads. To be called after {@link #drain}, when the node answers no more calls. */
  public void stop() {
    hasLeader.stop();
    access.close();
    front.stop(Duration.ZERO);
    audit.close();
  }
}
