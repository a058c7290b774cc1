package io.balsa.proxy;

import io.balsa.client.ClusterWatch;
import io.balsa.client.Endpoint;
import io.balsa.client.Endpoints;
import io.balsa.client.WriteNames;
import io.balsa.front.FrontServer;
import io.balsa.front.VersionPage;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.routing.ClusterView;
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

  private static final long UNFIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int WAITING_MAX = 10_000;
  private static final long WAITING_BYTES_MAX = 64L << 20;

  private final ReadPolicy policy;
  private final Endpoints endpoints;
  private final ClusterWatch watch;
  private final ProxyMetrics metrics;
  private final WriteNames names;
  private final RequestRoom requests;
  private final AtomicInteger turn = new AtomicInteger();
  private final Map<Endpoint, Set<Entrusted>> underWay = new ConcurrentHashMap<>();
  private final HealthStatusManager health = new HealthStatusManager();
  private volatile Route route;

  private final UnresolvedHosts unresolved = new UnresolvedHosts();
  private final OpenRates openRates = new OpenRates();
  private final WatchUpstreams watches = new WatchUpstreams();
  private final Map<Long, Long> unfitSince = new HashMap<>();
  private final Queue<Carried> waiting = new ArrayDeque<>();
  private int waitingStreams;
  private long waitingBytes;

  /**
   * @param requests the room for requests that say one thing
   */
  Router(ReadPolicy policy, Endpoints endpoints, ProxyMetrics metrics, RequestRoom requests) {
    this.policy = policy;
    this.requests = requests;
    this.endpoints = endpoints;
    this.names = new WriteNames(endpoints::applied);
    this.metrics = metrics;
    this.watch = new ClusterWatch(endpoints, ProxyLoopGuard::own);
    this.route = new Route(policy, ClusterView.UNKNOWN);
    health.setStatus("", ServingStatus.NOT_SERVING);
  }

  void begin() {
    watch.begin(this);
  }

  ClusterView cluster() {
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

  /** The room for requests that say one thing. */
  RequestRoom requests() {
    return requests;
  }

  /** Whether the servers do a write with a name once, however often it is sent. */
  boolean serversRemember() {
    return endpoints.remember();
  }

  /** What the servers say of themselves. */
  VersionPage.Versions versions() {
    ClusterWatch.Version known = watch.version();
    String cluster = known.server().replaceFirst("^(\\d+\\.\\d+).*", "$1.0");
    return new VersionPage.Versions(known.server(), cluster, known.storage());
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
    Endpoint leader = targets.isEmpty() ? leader() : null;
    return leader == null ? targets : List.of(leader);
  }

  /**
   * Where the leader is reached, or another member that sends on what is the leader's, where only
   * that one is known; null while nobody is known to lead.
   */
  @Nullable Endpoint leader() {
    ClusterView cluster = watch.cluster();
    if (!cluster.leads()) {
      return null;
    }
    Endpoint leader = watch.endpoint(cluster.view().leader());
    return leader != null || !watch.hasAskedAll()
        ? leader
        : fit(cluster).stream().findFirst().orElse(null);
  }

  /** Members that answer and are neither cut off nor behind, followers first. */
  private List<Endpoint> fit(ClusterView cluster) {
    List<Long> members = new ArrayList<>(cluster.followers());
    if (cluster.leads()) {
      members.add(cluster.view().leader());
    }
    members.removeAll(cluster.silent());
    members.removeAll(cluster.unfit());
    List<Endpoint> fit = new ArrayList<>(3);
    for (long member : members) {
      Endpoint endpoint = watch.endpoint(member);
      if (endpoint != null && endpoint.connected()) {
        fit.add(endpoint);
      }
    }
    return fit;
  }

  /**
   * Which server a stream of watches goes to: a follower in turn, or the leader where there is
   * none.
   *
   * @param atLeader whether it must be the leader
   * @param not the server that comes last, as the stream just failed there; null for none
   * @return null while that is not known
   */
  @Nullable Endpoint streamTarget(boolean atLeader, @Nullable Endpoint not) {
    if (atLeader) {
      return leader();
    }
    ClusterView cluster = watch.cluster();
    List<Endpoint> fit = fit(cluster);
    List<Endpoint> others = fit.stream().filter(each -> each != not).toList();
    List<Endpoint> choice = others.isEmpty() ? fit : others;
    Endpoint leader = cluster.leads() ? watch.endpoint(cluster.view().leader()) : null;
    List<Endpoint> followers = choice.stream().filter(each -> each != leader).toList();
    List<Endpoint> last = followers.isEmpty() ? choice : followers;
    return last.isEmpty() ? null : last.get(Math.floorMod(turn.getAndIncrement(), last.size()));
  }

  /** The watch streams at the servers. */
  WatchUpstreams watches() {
    return watches;
  }

  OpenRates openRates() {
    return openRates;
  }

  /** Takes note of how a server failed a stream. */
  void suspect(Endpoint endpoint, Status status) {
    if (status.getCode() == Status.Code.UNAVAILABLE) {
      watch.suspect(endpoint);
    }
  }

  /** Runs a task on the watch's event loop, after a while. */
  void later(Runnable task, long nanos) {
    watch.later(task, nanos);
  }

  /** Notes that a server has a call, or has it no more. */
  void entrust(Entrusted one, Endpoint endpoint) {
    underWay.computeIfAbsent(endpoint, _ -> ConcurrentHashMap.newKeySet()).add(one);
  }

  void takeBack(Entrusted one, Endpoint endpoint) {
    Set<Entrusted> with = underWay.get(endpoint);
    if (with != null) {
      with.remove(one);
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
    } else if (carried.isStream()) {
      waitingStreams++;
      waiting.add(carried);
    } else if (waiting.size() - waitingStreams >= WAITING_MAX
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
    return failures.size() == endpoints.all().size()
            && failures.stream().allMatch(ProxyLoopGuard::isRefusal)
        ? ProxyLoopGuard.REFUSAL
        : null;
  }

  @Override
  public void changed(ClusterView before, ClusterView now) {
    route = new Route(policy, now);
    metrics.changed(before, now);
    health.setStatus("", now.leads() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    for (long member : now.silent()) {
      if (!before.silent().contains(member)) {
        with(member).forEach(Entrusted::silent);
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
    waitingStreams = 0;
    released.forEach(Carried::dispatch);
  }

  private void giveUpWhatSilentServersHave(ClusterView now) {
    for (long member : now.silent()) {
      with(member).forEach(Entrusted::replaced);
    }
  }

  private List<Entrusted> with(long member) {
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
      if (!carried.over()) {
        waiting.add(carried);
      } else if (carried.isStream()) {
        waitingStreams--;
      } else {
        waitingBytes -= carried.bytes();
      }
    }
    watches.tick();
    openRates.forget(now);
    unresolved.look(watch.failures(), now);
    moveFromTheUnfit(now);
  }

  /** Every member is unfit for a moment in an election: only what lasts moves what it has. */
  private void moveFromTheUnfit(long now) {
    ClusterView cluster = watch.cluster();
    unfitSince.keySet().retainAll(cluster.leads() ? cluster.unfit() : List.of());
    if (cluster.leads()) {
      for (long member : cluster.unfit()) {
        if (now - unfitSince.computeIfAbsent(member, _ -> now) > UNFIT_NANOS) {
          with(member).forEach(Entrusted::silent);
        }
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
