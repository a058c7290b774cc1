package io.balsa.client;

import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.Member;
import io.balsa.routing.ClusterView;
import io.balsa.routing.LeaderView;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which server leads a cluster, which servers vote and which answer.
 *
 * <ol>
 *   <li>The monitor reacts at once to a lost connection to the leader, and to an answer that names
 *       a leader.
 *   <li>While no leader is known, it asks all servers every 10 ms, and after half a second every
 *       100 ms.
 *   <li>A server is silent when it answers no question for half a second and sends nothing else. It
 *       stays silent until it sends something.
 *   <li>The monitor needs no user. A server of etcd with users in force refuses to tell it
 *       anything; it is alive, and its leader is unknown.
 * </ol>
 *
 * Its state changes on one event loop. Any thread may read the results.
 */
public final class ClusterMonitor implements AutoCloseable {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long STEADY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /**
   * After this time without a leader, the monitor accepts an older term: the cluster may have been
   * restored.
   */
  private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(3);

  /**
   * The versions that a server reports.
   *
   * @param server the version of etcd whose behaviour it has
   * @param storage the version of its data's schema; {@code unknown} before etcd 3.6
   */
  public record Version(String server, String storage) {
    static final Version UNKNOWN = new Version("unknown", "unknown");
  }

  /** Gets the changes. */
  public interface Listener {
    /** The view of the cluster has changed. All methods are called on the monitor's event loop. */
    void changed(ClusterView before, ClusterView now);

    /** Called every 100 ms. */
    default void ticked() {}
  }

  private final EventLoop loop;
  private final Supplier<Metadata> headers;
  private final Endpoints endpoints;
  private final List<MonitoredEndpoint> monitored = new CopyOnWriteArrayList<>();
  private final CommitTimes commits = new CommitTimes();
  private final LeaderSearch search;
  private Listener listener = (_, _) -> {};
  private volatile ClusterView cluster = ClusterView.UNKNOWN;
  private volatile Map<Long, Endpoint> places = Map.of();
  private final SeldomFacts facts;
  private LeaderView view = LeaderView.NONE;
  private List<Long> voters = List.of();
  private long lostNanos = System.nanoTime();
  private volatile boolean closed;

  /**
   * A monitor that has not begun.
   *
   * @param headers the metadata of each call
   */
  public ClusterMonitor(Endpoints endpoints, Supplier<Metadata> headers) {
    this.loop = endpoints.loop();
    this.headers = headers;
    this.endpoints = endpoints;
    this.facts = new SeldomFacts(headers, members -> loop.execute(() -> onMembers(members)));
    this.search = new LeaderSearch(loop, monitored, () -> closed || cluster.leads());
    endpoints.all().forEach(each -> monitored.add(new MonitoredEndpoint(each, this, 0)));
  }

  /** Begins to monitor, for one listener. */
  public void begin(Listener told) {
    run(
        () -> {
          listener = told;
          begin();
        });
  }

  private void begin() {
    monitored.forEach(this::followConnection);
    search.begin();
    var _ = loop.scheduleAtFixedRate(this::tick, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
  }

  private void followConnection(MonitoredEndpoint each) {
    each.endpoint().onConnection(() -> loop.execute(() -> connectionChanged(each)));
  }

  /** The current view. */
  public ClusterView cluster() {
    return cluster;
  }

  /** The versions of the server that told them last. */
  public Version version() {
    return facts.version();
  }

  /** The endpoint of a member; null when it is not known. */
  public @Nullable Endpoint endpoint(long member) {
    return places.get(member);
  }

  /** Whether each endpoint has named its member, failed or refused to tell. */
  public boolean hasAskedAll() {
    return monitored.stream().allMatch(MonitoredEndpoint::hasReacted);
  }

  /** A connected server that refuses to tell anything to a client without a user; null for none. */
  public @Nullable Endpoint untold() {
    for (MonitoredEndpoint each : monitored) {
      if (each.refuses() && each.endpoint().connected()) {
        return each.endpoint();
      }
    }
    return null;
  }

  /** The failures of all endpoints whose last call failed. */
  public List<Status> failures() {
    return monitored.stream().flatMap(each -> each.failure().stream()).toList();
  }

  /** Uses the header of an answer. Cheap when it says nothing new. */
  public void heard(long member, long term, long leader) {
    LeaderView known = cluster.view();
    boolean newer = Long.compareUnsigned(term, known.term()) > 0;
    if (newer || (known.lost() && leader != 0 && term == known.term())) {
      loop.execute(() -> onHeard(member, term, leader));
    }
  }

  private void onHeard(long member, long term, long leader) {
    if (leader != 0) {
      told(member, term, leader);
    } else if (Long.compareUnsigned(term, view.term()) > 0) {
      monitored.stream().filter(each -> !each.refuses()).forEach(MonitoredEndpoint::ask);
    }
  }

  /** Notes that a server failed or does not lead. If it was the leader, a search begins. */
  public void suspect(Endpoint endpoint) {
    loop.execute(() -> lose(endpoint));
  }

  /** Asks all servers now which server leads. */
  public void refresh() {
    loop.execute(() -> monitored.forEach(MonitoredEndpoint::ask));
  }

  /** Runs a task on the monitor's event loop, after all earlier events. */
  public void run(Runnable task) {
    loop.execute(task);
  }

  /** As {@link #run}, after a delay. */
  public void later(Runnable task, long nanos) {
    var _ = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    closed = true;
  }

  CommitTimes commits() {
    return commits;
  }

  Metadata headers() {
    return headers.get();
  }

  EventLoop loop() {
    return loop;
  }

  private void connectionChanged(MonitoredEndpoint each) {
    if (each.endpoint().connected()) {
      each.askAnew();
    } else {
      lose(each.endpoint());
    }
  }

  private void lose(Endpoint endpoint) {
    if (view.known() && !view.lost() && endpoint == places.get(view.leader())) {
      view = view.losing(view.leader());
      lostNanos = System.nanoTime();
      publish();
    }
  }

  /** A server has told about itself. */
  void answered(Sighting sighting) {
    places = placesNow();
    if (sighting.leader() == sighting.member()) {
      commits.note(System.nanoTime(), sighting.committed());
    }
    told(sighting.member(), sighting.term(), sighting.leader());
  }

  private Map<Long, Endpoint> placesNow() {
    Map<Long, Endpoint> now = new HashMap<>();
    for (MonitoredEndpoint each : monitored) {
      if (each.member() != 0) {
        now.put(each.member(), each.endpoint());
      }
    }
    return now;
  }

  private void told(long from, long term, long leader) {
    LeaderView before = view;
    view = view.told(from, term, leader);
    if (view.lost() && !before.lost()) {
      lostNanos = System.nanoTime();
    }
    if (!view.equals(before)) {
      askForFacts();
    }
    publish();
  }

  private void tick() {
    if (closed) {
      return;
    }
    long now = System.nanoTime();
    for (MonitoredEndpoint each : monitored) {
      each.judge(now);
      if (each.silent()) {
        lose(each.endpoint());
      }
      if (now - each.askedNanos() >= STEADY_NANOS) {
        each.ask();
      }
    }
    if (facts.areDue(now)) {
      askForFacts();
    }
    if (view.lost() && now - lostNanos >= FORGET_NANOS) {
      view = LeaderView.NONE;
      commits.clear();
    }
    publish();
    listener.ticked();
  }

  private void publish() {
    ClusterView before = cluster;
    List<MonitoredEndpoint> known = monitored.stream().filter(each -> each.member() != 0).toList();
    List<Long> silent =
        known.stream().filter(MonitoredEndpoint::silent).map(MonitoredEndpoint::member).toList();
    List<Long> unfit =
        known.stream().filter(MonitoredEndpoint::unfit).map(MonitoredEndpoint::member).toList();
    ClusterView now = new ClusterView(votersOr(known), view, silent, unfit, nearest(known));
    if (!now.equals(before)) {
      cluster = now;
      listener.changed(before, now);
    }
    if (!now.leads()) {
      search.begin();
    }
  }

  private List<Long> votersOr(List<MonitoredEndpoint> known) {
    return voters.isEmpty()
        ? known.stream()
            .filter(each -> !each.learner())
            .map(MonitoredEndpoint::member)
            .distinct()
            .toList()
        : voters;
  }

  private static List<Long> nearest(List<MonitoredEndpoint> known) {
    return known.stream()
        .filter(each -> each.roundTripNanos() > 0)
        .sorted(Comparator.comparingLong(MonitoredEndpoint::roundTripNanos))
        .map(MonitoredEndpoint::member)
        .distinct()
        .toList();
  }

  private void askForFacts() {
    Endpoint endpoint = whomToAsk();
    if (endpoint != null) {
      facts.ask(endpoint);
    }
  }

  /** The leader, or any other connected member: all members know the list. */
  private @Nullable Endpoint whomToAsk() {
    Endpoint leader = places.get(view.leader());
    if (leader != null && leader.connected()) {
      return leader;
    }
    for (MonitoredEndpoint each : monitored) {
      if (each.member() != 0 && each.endpoint().connected()) {
        return each.endpoint();
      }
    }
    return null;
  }

  private void onMembers(List<Member> members) {
    voters = members.stream().filter(each -> !each.getIsLearner()).map(Member::getID).toList();
    for (Member member : members) {
      for (String url : member.getClientURLsList()) {
        monitored.forEach(each -> each.mayBe(member.getID(), url));
      }
    }
    places = placesNow();
    for (Member member : members) {
      if (!places.containsKey(member.getID())) {
        member.getClientURLsList().forEach(url -> learn(member.getID(), url));
      }
    }
    publish();
  }

  /** Adds an endpoint for a member that only the member list names. */
  private void learn(long member, String url) {
    Endpoint endpoint = endpoints.learn(url);
    if (endpoint != null) {
      MonitoredEndpoint learned = new MonitoredEndpoint(endpoint, this, member);
      monitored.add(learned);
      followConnection(learned);
      learned.ask();
    }
  }

  static boolean isAddress(HostPort address, String url) {
    try {
      return HostPort.parse(url).equals(address);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
