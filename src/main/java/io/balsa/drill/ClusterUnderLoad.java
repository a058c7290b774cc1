package io.balsa.drill;

import io.balsa.drill.FailureRound.CatchUp;
import io.balsa.drill.FailureRound.Way;
import io.balsa.drill.Timeline.Kind;
import io.balsa.processes.Awaiting;
import io.balsa.processes.ClusterProcesses;
import io.balsa.processes.Launch;
import io.balsa.processes.SecurityWish;
import io.balsa.processes.StatusPoller;
import io.balsa.proto.etcdserverpb.StatusResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Three servers and a proxy under load, with methods to inject failures and to measure their cost.
 * The timeline records the failures and the events after them.
 */
final class ClusterUnderLoad implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(40);

  private static final Duration POLL_STEP = Duration.ofMillis(10);
  private static final Duration WARM_UP = Duration.ofSeconds(2);
  private static final Duration BEFORE = Duration.ofMillis(200);
  private static final Duration AFTER = Duration.ofSeconds(1);

  private final ClusterProcesses cluster;
  private final StatusPoller poller;
  private final DrillLoad load;
  private final Timeline.Recording timeline = new Timeline.Recording();
  private final List<FailureRound> rounds = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private final List<StatusPoller.LeaderSeen> led = new ArrayList<>();
  private final long[] lastApplied;

  ClusterUnderLoad(Launch launch, Path directory, List<String> serverFlags, SecurityWish wish) {
    cluster = ClusterProcesses.ofThree(launch, directory, serverFlags, wish);
    lastApplied = new long[cluster.size() + 1];
    poller = new StatusPoller(cluster, POLL_STEP, this::noteLeader);
    load = new DrillLoad(cluster.security(), cluster.ports().proxy(), DrillLoad.Plan.DEFAULT);
  }

  /** Waits until there is a leader and requests are answered, and then for two more seconds. */
  void awaitReady() {
    leader();
    cluster.awaitUsers();
    awaitAnswers(System.nanoTime());
    Awaiting.pause(WARM_UP);
  }

  private synchronized void noteLeader(StatusPoller.LeaderSeen seen) {
    led.add(seen);
    timeline.mark(Kind.SEEN, "server " + seen.server() + " leads term " + seen.term());
  }

  ClusterProcesses processes() {
    return cluster;
  }

  /** The leader; waits until there is one. */
  int leader() {
    return Awaiting.value(
        "a leader",
        PATIENCE,
        () -> poller.leader().isPresent() ? poller.leader().getAsInt() : null);
  }

  /** The servers that do not lead. */
  List<Integer> followers() {
    int leader = leader();
    return cluster.numbers().stream().filter(server -> server != leader).toList();
  }

  void kill(int server) {
    noteApplied(server);
    timeline.mark(Kind.DONE, "kill -9 server " + server);
    cluster.child(server).killSoon();
    cluster.child(server).kill();
  }

  void killAll() {
    cluster.numbers().forEach(this::noteApplied);
    timeline.mark(Kind.DONE, "kill -9 all servers");
    cluster.numbers().forEach(server -> cluster.child(server).killSoon());
    cluster.numbers().forEach(server -> cluster.child(server).kill());
  }

  /**
   * Ends a server by SIGTERM. A server that has not ended after 6 s has broken a promise and is
   * killed.
   */
  void stop(int server) {
    noteApplied(server);
    timeline.mark(Kind.DONE, "kill -TERM server " + server);
    cluster.child(server).stop();
    if (!cluster.child(server).awaitEnd(Duration.ofSeconds(6))) {
      broken("server " + server + " did not stop within 5 s of SIGTERM");
      cluster.child(server).kill();
    }
  }

  void pauseServer(int server) {
    timeline.mark(Kind.DONE, "kill -STOP server " + server);
    cluster.child(server).pause();
  }

  void resumeServer(int server) {
    timeline.mark(Kind.DONE, "kill -CONT server " + server);
    cluster.child(server).resume();
  }

  void start(int server) {
    timeline.mark(Kind.DONE, "start server " + server);
    cluster.start(server);
  }

  private void noteApplied(int server) {
    StatusResponse status = poller.status(server);
    if (status != null) {
      lastApplied[server] = status.getRaftAppliedIndex();
    }
  }

  /** Starts a server that has ended, and waits until it has applied what the leader has now. */
  CatchUp bringBack(int server) {
    StatusResponse ahead =
        Awaiting.value("a status of the leader", PATIENCE, () -> poller.status(leader()));
    long target = ahead.getRaftIndex();
    long begin = System.nanoTime();
    start(server);
    awaitApplied(server, target);
    Duration time = Duration.ofNanos(System.nanoTime() - begin);
    Way way =
        ScrapedMetrics.of(cluster.security(), cluster.ports().client(server)).snapshotsReceived()
                > 0
            ? Way.SNAPSHOT
            : Way.LOG;
    timeline.mark(Kind.SEEN, "server " + server + " has caught up");
    return new CatchUp(Math.max(0, target - lastApplied[server]), time, way);
  }

  private void awaitApplied(int server, long index) {
    Awaiting.until(
        "server " + server + " applying up to " + index,
        PATIENCE,
        () -> {
          cluster.requireAlive(server);
          StatusResponse status = poller.status(server);
          return status != null && status.getRaftAppliedIndex() >= index;
        });
  }

  /** Waits until a write and a read were answered after this time. */
  void awaitAnswers(long since) {
    Awaiting.until("a write and a read answered", PATIENCE, () -> answeredAfter(since));
  }

  private boolean answeredAfter(long since) {
    return load.writes().anyAfter(since) && load.reads().anyAfter(since);
  }

  /** Causes a failure of the leader, and measures until a second after the recovery. */
  Measured failLeader(Runnable failure) {
    long term = poller.term();
    long from = System.nanoTime();
    failure.run();
    StatusPoller.LeaderSeen next = Awaiting.value("another leader", PATIENCE, () -> ledAfter(term));
    return measured(from, Optional.of(Duration.ofNanos(next.nanos() - from)));
  }

  /** Causes a failure that does not end the leadership, and measures until a second after it. */
  Measured fail(Runnable failure) {
    long from = System.nanoTime();
    failure.run();
    return measured(from, Optional.empty());
  }

  private Measured measured(long from, Optional<Duration> election) {
    awaitAnswers(System.nanoTime());
    Awaiting.pause(AFTER);
    long begin = from - BEFORE.toNanos();
    long end = System.nanoTime();
    return new Measured(
        election,
        Duration.ofNanos(load.writes().longestGap(begin, end)),
        Duration.ofNanos(load.reads().longestGap(begin, end)));
  }

  private synchronized StatusPoller.@Nullable LeaderSeen ledAfter(long term) {
    return led.stream().filter(each -> each.term() > term).findFirst().orElse(null);
  }

  /** The times of an election and without answers around a failure. */
  record Measured(Optional<Duration> election, Duration writeGap, Duration readGap) {}

  void round(Measured measured, Optional<CatchUp> catchUp) {
    rounds.add(
        new FailureRound(measured.election(), measured.writeGap(), measured.readGap(), catchUp));
  }

  synchronized void broken(String promise) {
    timeline.mark(Kind.SEEN, promise);
    broken.add(promise);
  }

  /** Ends the load, waits until all servers have applied everything, and checks the result. */
  ScenarioResult check(DrillScenario scenario) {
    load.close();
    Timeline whole = timeline.end(load);
    FinalCheck check = FinalCheck.of(cluster, load, leader());
    broken.addAll(check.broken());
    return new ScenarioResult(
        scenario,
        List.copyOf(rounds),
        check.audit(),
        check.hashesEqual(),
        check.linearizable(),
        List.copyOf(broken),
        whole);
  }

  @Override
  public void close() {
    load.close();
    poller.close();
    cluster.close();
  }
}
