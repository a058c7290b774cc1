package io.balsa.drill;

import io.balsa.attack.Attack;
import io.balsa.attack.AttackData;
import io.balsa.bytes.HostPort;
import io.balsa.processes.Awaiting;
import io.balsa.processes.ChildProcess;
import io.balsa.processes.ClusterProcesses;
import io.balsa.processes.Folders;
import io.balsa.processes.InstrumentFailure;
import io.balsa.processes.Launch;
import io.balsa.processes.ResidentMemory;
import io.balsa.processes.StatusPoller;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Attacks three servers and their proxy with requests that are legal but too many or too large.
 * Reports how each attack ended, and what a polite client saw during it.
 */
public final class AbuseDrill implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration REST_MAX = Duration.ofSeconds(1);

  /**
   * A run.
   *
   * @param out the folder for the report and the data
   * @param clients the number of clients that attack at once
   * @param time the length of each attack
   * @param bothWays true to try each attack at a server and at the proxy; false to alternate
   */
  public record Plan(
      Launch launch,
      Path out,
      AttackData stock,
      List<Attack> attacks,
      int clients,
      Duration time,
      boolean bothWays) {}

  private final Plan plan;
  private final PrintWriter out;
  private final ClusterProcesses cluster;
  private final StatusPoller poller;
  private final List<AbuseResult> results = new ArrayList<>();

  private AbuseDrill(Plan plan, PrintWriter out) {
    this.plan = plan;
    this.out = out;
    Folders.made(plan.out());
    Path data = plan.out().resolve("data").toAbsolutePath();
    Folders.delete(data);
    cluster = ClusterProcesses.ofThree(plan.launch(), data, List.of());
    poller = new StatusPoller(cluster, Duration.ofMillis(50), _ -> {});
  }

  /**
   * Runs all attacks, prints each, and writes the report.
   *
   * @return a line for each broken promise
   * @throws InstrumentFailure when the run cannot be completed
   */
  public static List<String> run(Plan plan, PrintWriter out) {
    try (AbuseDrill drill = new AbuseDrill(plan, out)) {
      return drill.run();
    } catch (InstrumentFailure failed) {
      out.println("gave up: " + failed.getMessage());
      out.flush();
      throw failed;
    }
  }

  private List<String> run() {
    awaitLeader();
    out.println("filling the store ...");
    plan.stock().fill(address(cluster.ports().proxy()));
    int turn = 0;
    for (Attack attack : plan.attacks()) {
      boolean atServer = plan.bothWays() || turn % 2 == 0;
      boolean atProxy = plan.bothWays() || turn % 2 == 1;
      if (atServer) {
        play(attack, "a server", cluster.ports().client(1 + turn % cluster.size()));
      }
      if (atProxy) {
        play(attack, "the proxy", cluster.ports().proxy());
      }
      turn++;
    }
    return report();
  }

  private List<String> report() {
    AbuseReport report = new AbuseReport(results, plan);
    Folders.write(plan.out().resolve("abuse.md"), report.markdown());
    out.println();
    out.println(report.table().text());
    report.broken().forEach(line -> out.println("BROKEN: " + line));
    out.println("report: " + plan.out().resolve("abuse.md"));
    out.flush();
    return report.broken();
  }

  private static HostPort address(int port) {
    return new HostPort("127.0.0.1", port);
  }

  private void awaitLeader() {
    Awaiting.until("a leader", PATIENCE, () -> poller.leader().isPresent());
  }

  /** The pause before and after an attack: a quarter of its length, one second at most. */
  private Duration rest() {
    Duration quarter = plan.time().dividedBy(4);
    return quarter.compareTo(REST_MAX) < 0 ? quarter : REST_MAX;
  }

  private void play(Attack attack, String at, int port) {
    out.println(attack.title() + ", at " + at + " ...");
    out.flush();
    bringBackWhatEnded();
    awaitLeader();
    long term = poller.term();
    int leader = poller.leader().orElse(0);
    try (PoliteClient polite = new PoliteClient(cluster.ports().proxy())) {
      Awaiting.pause(rest());
      var _ = polite.take();
      CompletableFuture<Map<String, Long>> endings =
          CompletableFuture.supplyAsync(
              () -> attack.on(address(port), plan.clients(), plan.time()));
      long most = watch(endings);
      PoliteClient.Seen seen = polite.take();
      boolean changed = poller.term() != term || poller.leader().orElse(leader) != leader;
      results.add(new AbuseResult(attack, at, endings.join(), seen, ended(), changed, most));
    }
    results.getLast().broken().forEach(line -> out.println("  broken: " + line));
    Awaiting.pause(rest());
  }

  /** Waits for the end of the attack; returns the most resident bytes of a process during it. */
  private long watch(CompletableFuture<Map<String, Long>> attack) {
    long most = 0;
    while (!attack.isDone()) {
      most =
          Math.max(most, children().mapToLong(c -> ResidentMemory.bytes(c.pid())).max().orElse(0));
      Awaiting.pause(LOOK);
    }
    return most;
  }

  private Stream<ChildProcess> children() {
    return cluster.children().stream();
  }

  private List<String> ended() {
    List<String> ended = new ArrayList<>();
    for (int server : cluster.numbers()) {
      if (!cluster.isAlive(server)) {
        ended.add(
            "server "
                + server
                + " ended: "
                + cluster.lastLine(server).orElse("without any output"));
      }
    }
    if (!cluster.isProxyAlive()) {
      ended.add("the proxy ended: " + cluster.lastProxyLine().orElse("without any output"));
    }
    return ended;
  }

  private void bringBackWhatEnded() {
    cluster.numbers().stream().filter(n -> !cluster.isAlive(n)).forEach(cluster::start);
    if (!cluster.isProxyAlive()) {
      cluster.startProxy();
    }
  }

  @Override
  public void close() {
    poller.close();
    cluster.close();
  }

  /** The names of the attacks on the command line. */
  public static List<String> names() {
    return Arrays.stream(Attack.values()).map(AbuseDrill::name).toList();
  }

  /** The name of an attack on the command line. */
  public static String name(Attack attack) {
    return attack.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
