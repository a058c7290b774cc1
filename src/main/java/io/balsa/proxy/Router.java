package io.balsa.proxy;

import io.balsa.client.ClusterWatch;
import io.balsa.client.Endpoint;
import io.balsa.client.Endpoints;
import io.balsa.client.WriteNames;
import io.balsa.front.FrontServer;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.routing.Cluster;
import io.balsa.routing.ReadPolicy;
import io.balsa.routing.Request;
import io.balsa.routing.Route;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Knows the way: picks targets, keeps what waits for a leader, and moves what a silent server has.
 *
 * <p>What waits is touched on the watch's event loop alone, so that no request slips between
 * "nobody leads" and the news of a leader.
 */
final class Router implements ClusterWatch.Listener {
  /** As long as a server of etcd would let a request wait. */
  static final long WAITING_NANOS_MAX = TimeUnit.SECONDS.toNanos(7);

  private static final String MOVE_LEADER =
      MaintenanceGrpc.getMoveLeaderMethod().getFullMethodName();

  private static final int WAITING_MAX = 10_000;
  private static final long WAITING_BYTES_MAX = 64L << 20;

  private final ReadPolicy policy;
  private final Endpoints endpoints;
  private final ClusterWatch watch;
  private final ProxyMetrics metrics;
  private final WriteNames names;
  private final AtomicInteger turn = new AtomicInteger();
  private final Map<Endpoint, Set<Carried>> underWay = new ConcurrentHashMap<>();
  private final HealthStatusManager health = new HealthStatusManager();
  private volatile Route route;

  private final Queue<Carried> waiting = new ArrayDeque<>();
  private long waitingBytes;

  Router(ReadPolicy policy, Endpoints endpoints, ProxyMetrics metrics) {
    this.policy = policy;
    this.endpoints = endpoints;
    this.names = new WriteNames(endpoints::applied);
    this.metrics = metrics;
    this.watch = new ClusterWatch(endpoints, Hops::own);
    this.route = new Route(policy, Cluster.UNKNOWN);
    health.setStatus("", ServingStatus.NOT_SERVING);
    endpoints.all().forEach(each -> underWay.put(each, ConcurrentHashMap.newKeySet()));
  }

  void begin() {
    watch.begin(this);
  }

  Cluster cluster() {
    return watch.cluster();
  }

  /** grpc.health.v1: serving while a leader is known and answers. */
  ServerServiceDefinition health() {
    return health.getHealthService().bindService();
  }

  /** Names for writes whose clients gave them none. */
  WriteNames names() {
    return names;
  }

  /** Whether the servers do a write with a name once, however often it is sent. */
  boolean serversRemember() {
    return endpoints.remember();
  }

  ProxyMetrics metrics() {
    return metrics;
  }

  /** Where a request may go, in this order; none while that is not known. */
  List<Endpoint> targets(Request request) {
    List<Endpoint> targets = new ArrayList<>(3);
    for (long member : route.targets(request, turn.getAndIncrement())) {
      Endpoint endpoint = watch.endpoint(member);
      if (endpoint != null) {
        targets.add(endpoint);
      }
    }
    return targets;
  }

  /** Where the leader is reached; null while nobody is known to lead. */
  @Nullable Endpoint leader() {
    Cluster cluster = watch.cluster();
    return cluster.leads() ? watch.endpoint(cluster.view().leader()) : null;
  }

  /** Notes that a server has a call, or has it no more. */
  void entrust(Carried carried, Endpoint endpoint) {
    Set<Carried> with = underWay.get(endpoint);
    if (with != null) {
      with.add(carried);
    }
  }

  void takeBack(Carried carried, Endpoint endpoint) {
    Set<Carried> with = underWay.get(endpoint);
    if (with != null) {
      with.remove(carried);
    }
  }

  /** Learns from an answer. */
  void heard(MethodDescriptor<?, ?> method, AnswerHeader header) {
    if (MOVE_LEADER.equals(method.getFullMethodName())) {
      watch.refresh();
    } else if (header.member() != 0) {
      watch.heard(header.member(), header.term(), header.leader());
    }
  }

  /** Keeps a call until somebody leads; sends it on at once when that is so. */
  void hold(Carried carried) {
    watch.run(() -> keep(carried));
  }

  /** As {@link #hold}, after a server failed, or said that it does not lead. */
  void hold(Carried carried, Endpoint failed) {
    watch.suspect(failed);
    hold(carried);
  }

  private void keep(Carried carried) {
    Status circle = circle();
    if (leader() != null) {
      carried.dispatch();
    } else if (circle != null) {
      carried.fail(circle);
    } else if (waiting.size() >= WAITING_MAX
        || waitingBytes + carried.bytes() > WAITING_BYTES_MAX) {
      carried.fail(Errors.TOO_MANY);
    } else {
      metrics.held();
      waiting.add(carried);
      waitingBytes += carried.bytes();
    }
  }

  /** What to say when every endpoint is a proxy; null when that is not so. */
  private @Nullable Status circle() {
    List<Status> failures = watch.failures();
    return failures.size() == endpoints.all().size() && failures.stream().allMatch(Hops::isRefusal)
        ? Hops.REFUSAL
        : null;
  }

  @Override
  public void changed(Cluster before, Cluster now) {
    route = new Route(policy, now);
    metrics.changed(before, now);
    health.setStatus("", now.leads() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    for (long member : now.silent()) {
      if (!before.silent().contains(member)) {
        with(member).forEach(Carried::silent);
      }
    }
    if (now.leads()) {
      release();
      giveUpWhatSilentServersHave(now);
    }
  }

  private void release() {
    List<Carried> released = new ArrayList<>(waiting);
    waiting.clear();
    waitingBytes = 0;
    released.forEach(Carried::dispatch);
  }

  private void giveUpWhatSilentServersHave(Cluster now) {
    for (long member : now.silent()) {
      with(member).forEach(Carried::replaced);
    }
  }

  private List<Carried> with(long member) {
    Endpoint endpoint = watch.endpoint(member);
    return endpoint == null ? List.of() : List.copyOf(underWay.getOrDefault(endpoint, Set.of()));
  }

  @Override
  public void ticked() {
    long now = System.nanoTime();
    int size = waiting.size();
    for (int i = 0; i < size; i++) {
      Carried carried = waiting.remove();
      if (now - carried.arrivedNanos() >= WAITING_NANOS_MAX) {
        carried.fail(Errors.NO_LEADER);
      }
      if (carried.over()) {
        waitingBytes -= carried.bytes();
      } else {
        waiting.add(carried);
      }
    }
  }

  /** Whether requests are served: somebody leads and answers. */
  boolean serves() {
    return leader() != null;
  }

  void stop() {
    watch.close();
    watch.run(
        () -> {
          waiting.forEach(carried -> carried.fail(FrontServer.STOPPED));
          waiting.clear();
        });
  }
}
