package io.balsa.proxy;

import io.balsa.bytes.ProtocolLimits;
import io.balsa.client.ClusterMonitor;
import io.balsa.client.Endpoint;
import io.balsa.client.Endpoints;
import io.balsa.client.WriteNames;
import io.balsa.front.FrontServer;
import io.balsa.front.VersionPage;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.routing.ClusterView;
import io.balsa.routing.ReadPolicy;
import io.balsa.routing.RequestKind;
import io.balsa.routing.Route;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the servers for requests, holds calls while no leader is known, and moves calls away from
 * silent servers.
 *
 * <p>Only the monitor's event loop uses the waiting calls. So no call can begin to wait after the
 * report of a leader was handled.
 */
final class Router implements ClusterMonitor.Listener {
  /** How long a server of etcd lets a request wait. */
  static final long WAITING_NANOS_MAX = TimeUnit.SECONDS.toNanos(7);

  private static final String MOVE_LEADER =
      MaintenanceGrpc.getMoveLeaderMethod().getFullMethodName();

  private static final long UNFIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int WAITING_MAX = 10_000;
  private static final long WAITING_BYTES_MAX = 64L << 20;

  private final ReadPolicy policy;
  private final Endpoints endpoints;
  private final ClusterMonitor monitor;
  private final ProxyMetrics metrics;
  private final WriteNames names;
  private final UnaryRequestBudget requests;
  private final ConcurrentHashMap<Endpoint, LargeRequests> large = new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final Map<Endpoint, Set<InFlightCall>> inFlight = new ConcurrentHashMap<>();
  private final HealthStatusManager health = new HealthStatusManager();
  private volatile Route route;

  private final UnresolvedHosts unresolved = new UnresolvedHosts();
  private final LeaderAbsence absence = new LeaderAbsence(System.nanoTime());
  private final StreamRateLimit streamRates = new StreamRateLimit();
  private final WatchUpstreams watches = new WatchUpstreams();
  private final Map<Long, Long> unfitSince = new HashMap<>();
  private final Queue<RoutedCall> waiting = new ArrayDeque<>();
  private int waitingStreams;
  private long waitingBytes;

  /**
   * @param requests the memory for the requests of calls with one request
   */
  Router(
      ReadPolicy policy, Endpoints endpoints, ProxyMetrics metrics, UnaryRequestBudget requests) {
    this.policy = policy;
    this.requests = requests;
    this.endpoints = endpoints;
    this.names = new WriteNames(endpoints::applied);
    this.metrics = metrics;
    this.monitor = new ClusterMonitor(endpoints, ProxyLoopGuard::own);
    this.route = new Route(policy, ClusterView.UNKNOWN);
    health.setStatus("", ServingStatus.NOT_SERVING);
  }

  void begin() {
    monitor.begin(this);
  }

  ClusterView cluster() {
    return monitor.cluster();
  }

  /** The service grpc.health.v1: it says SERVING while a leader is known and answers. */
  ServerServiceDefinition health() {
    return health.getHealthService().bindService();
  }

  /** Names for the writes that clients did not name. */
  WriteNames names() {
    return names;
  }

  /** The memory for the requests of calls with one request. */
  UnaryRequestBudget requests() {
    return requests;
  }

  /** Where a request of this size waits for its turn at a server; null if it does not wait. */
  @Nullable LargeRequests turns(Endpoint server, int bytes) {
    return bytes > ProtocolLimits.LARGE_REQUEST_BYTES
        ? large.computeIfAbsent(server, _ -> new LargeRequests())
        : null;
  }

  /** Whether servers perform a named write once, however often it is sent. */
  boolean serversRemember() {
    return endpoints.remember();
  }

  /** The versions that the servers report. */
  VersionPage.Versions versions() {
    ClusterMonitor.Version known = monitor.version();
    String cluster = known.server().replaceFirst("^(\\d+\\.\\d+).*", "$1.0");
    return new VersionPage.Versions(known.server(), cluster, known.storage());
  }

  ProxyMetrics metrics() {
    return metrics;
  }

  /** The servers for a request, in the order of the tries. Empty while they are not known. */
  List<Endpoint> targets(RequestKind request) {
    List<Endpoint> targets = new ArrayList<>(3);
    for (long member : route.targets(request, turn.getAndIncrement())) {
      Endpoint endpoint = monitor.endpoint(member);
      if (endpoint != null) {
        targets.add(endpoint);
      }
    }
    Endpoint leader = targets.isEmpty() ? leader() : null;
    return leader == null ? targets : List.of(leader);
  }

  /**
   * The leader's endpoint. When only other members are reachable by a known address, one of these,
   * which forwards requests to the leader. Servers of etcd with users in force tell a proxy
   * nothing; then any of them will do, too. Null while no leader is known.
   */
  @Nullable Endpoint leader() {
    ClusterView cluster = monitor.cluster();
    if (!cluster.leads()) {
      return monitor.untold();
    }
    Endpoint leader = monitor.endpoint(cluster.view().leader());
    return leader != null || !monitor.hasAskedAll()
        ? leader
        : fit(cluster).stream().findFirst().orElse(null);
  }

  /** The members that answer, know a leader and do not lag; followers first. */
  private List<Endpoint> fit(ClusterView cluster) {
    List<Long> members = new ArrayList<>(cluster.followers());
    if (cluster.leads()) {
      members.add(cluster.view().leader());
    }
    members.removeAll(cluster.silent());
    members.removeAll(cluster.unfit());
    List<Endpoint> fit = new ArrayList<>(3);
    for (long member : members) {
      Endpoint endpoint = monitor.endpoint(member);
      if (endpoint != null && endpoint.connected()) {
        fit.add(endpoint);
      }
    }
    return fit;
  }

  /**
   * The server for a watch stream: the followers in turn, or the leader when there is no follower.
   *
   * @param atLeader whether it must be the leader
   * @param not the server to avoid because the stream just failed there; null for none
   * @return null while no server is known
   */
  @Nullable Endpoint streamTarget(boolean atLeader, @Nullable Endpoint not) {
    if (atLeader) {
      return leader();
    }
    ClusterView cluster = monitor.cluster();
    List<Endpoint> fit = fit(cluster);
    List<Endpoint> others = fit.stream().filter(each -> each != not).toList();
    List<Endpoint> choice = others.isEmpty() ? fit : others;
    Endpoint leader = cluster.leads() ? monitor.endpoint(cluster.view().leader()) : null;
    List<Endpoint> followers = choice.stream().filter(each -> each != leader).toList();
    List<Endpoint> last = followers.isEmpty() ? choice : followers;
    return last.isEmpty()
        ? monitor.untold()
        : last.get(Math.floorMod(turn.getAndIncrement(), last.size()));
  }

  /** The watch streams at the servers. */
  WatchUpstreams watches() {
    return watches;
  }

  StreamRateLimit streamRates() {
    return streamRates;
  }

  /** Notes how a stream failed at a server. */
  void suspect(Endpoint endpoint, Status status) {
    if (status.getCode() == Status.Code.UNAVAILABLE) {
      monitor.suspect(endpoint);
    }
  }

  /** Runs a task on the monitor's event loop, after a delay. */
  void later(Runnable task, long nanos) {
    monitor.later(task, nanos);
  }

  /** Notes that a server has a call. */
  void addInFlight(InFlightCall one, Endpoint endpoint) {
    inFlight.computeIfAbsent(endpoint, _ -> ConcurrentHashMap.newKeySet()).add(one);
  }

  void removeInFlight(InFlightCall one, Endpoint endpoint) {
    Set<InFlightCall> with = inFlight.get(endpoint);
    if (with != null) {
      with.remove(one);
    }
  }

  /** Uses what an answer says about the leader. */
  void heard(MethodDescriptor<?, ?> method, AnswerHeader header) {
    if (MOVE_LEADER.equals(method.getFullMethodName())) {
      monitor.refresh();
    } else if (header.member() != 0) {
      monitor.heard(header.member(), header.term(), header.leader());
    }
  }

  /** Holds a call until a leader is known. Sends it at once if a leader is known. */
  void hold(RoutedCall call) {
    monitor.run(() -> keep(call));
  }

  /** As {@link #hold}, after a server failed or said that it does not lead. */
  void hold(RoutedCall call, Endpoint failed) {
    monitor.suspect(failed);
    hold(call);
  }

  private void keep(RoutedCall call) {
    Status circle = circle();
    if (leader() != null) {
      call.dispatch();
    } else if (circle != null) {
      call.fail(circle);
    } else if (call.isStream()) {
      waitingStreams++;
      waiting.add(call);
    } else if (waiting.size() - waitingStreams >= WAITING_MAX
        || waitingBytes + call.bytes() > WAITING_BYTES_MAX) {
      metrics.refused("waiting");
      call.fail(ProxyErrors.TOO_MANY);
    } else {
      metrics.held();
      waiting.add(call);
      waitingBytes += call.bytes();
    }
  }

  /** The failure to report when every endpoint is a proxy; null otherwise. */
  private @Nullable Status circle() {
    List<Status> failures = monitor.failures();
    return failures.size() == endpoints.all().size()
            && failures.stream().allMatch(ProxyLoopGuard::isRefusal)
        ? ProxyLoopGuard.REFUSAL
        : null;
  }

  @Override
  public void changed(ClusterView before, ClusterView now) {
    route = new Route(policy, now);
    metrics.changed(before, now);
    tellHealth();
    for (long member : now.silent()) {
      if (!before.silent().contains(member)) {
        with(member).forEach(InFlightCall::silent);
      }
    }
    if (now.leads()) {
      release();
      giveUpWhatSilentServersHave(now);
    }
  }

  private void tellHealth() {
    health.setStatus("", serves() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  private void release() {
    List<RoutedCall> released = new ArrayList<>(waiting);
    waiting.clear();
    waitingBytes = 0;
    waitingStreams = 0;
    released.forEach(RoutedCall::dispatch);
  }

  private void giveUpWhatSilentServersHave(ClusterView now) {
    for (long member : now.silent()) {
      with(member).forEach(InFlightCall::replaced);
    }
  }

  private List<InFlightCall> with(long member) {
    Endpoint endpoint = monitor.endpoint(member);
    return endpoint == null ? List.of() : List.copyOf(inFlight.getOrDefault(endpoint, Set.of()));
  }

  @Override
  public void ticked() {
    tellHealth();
    if (serves()) {
      release();
    }
    long now = System.nanoTime();
    int size = waiting.size();
    for (int i = 0; i < size; i++) {
      RoutedCall call = waiting.remove();
      if (now - call.arrivedNanos() >= WAITING_NANOS_MAX) {
        call.fail(ProxyErrors.NO_LEADER);
      }
      if (!call.over()) {
        waiting.add(call);
      } else if (call.isStream()) {
        waitingStreams--;
      } else {
        waitingBytes -= call.bytes();
      }
    }
    watches.tick();
    streamRates.forget(now);
    List<Status> failures = monitor.failures();
    unresolved.look(failures, now);
    absence.look(serves(), endpoints.all().size(), failures.size(), now);
    moveFromTheUnfit(now);
  }

  /**
   * Moves calls away from a member that has been unfit for a second. In an election, every member
   * is unfit for a moment.
   */
  private void moveFromTheUnfit(long now) {
    ClusterView cluster = monitor.cluster();
    unfitSince.keySet().retainAll(cluster.leads() ? cluster.unfit() : List.of());
    if (cluster.leads()) {
      for (long member : cluster.unfit()) {
        if (now - unfitSince.computeIfAbsent(member, _ -> now) > UNFIT_NANOS) {
          with(member).forEach(InFlightCall::silent);
        }
      }
    }
  }

  /** Whether the proxy serves requests: a leader is known and answers. */
  boolean serves() {
    return leader() != null;
  }

  void stop() {
    monitor.close();
    monitor.run(
        () -> {
          waiting.forEach(call -> call.fail(FrontServer.STOPPED));
          waiting.clear();
        });
  }
}
