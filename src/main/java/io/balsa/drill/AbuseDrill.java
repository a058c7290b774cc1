package io.balsa.drill;

import io.balsa.attack.Attack;
import io.balsa.attack.AttackData;
import io.balsa.bytes.HostPort;
import io.balsa.processes.Awaiting;
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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Attacks three servers and their proxy with requests that are legal but too many or too large.
 * Reports how each attack ended, and what a polite client saw during it.
 */
public final class AbuseDrill implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(100);

  /** How long the memory of a process may take to return to its base. */
  private static final Duration BACK_MAX = Duration.ofSeconds(30);

  /** The attacks write more than the default quota of 2 GiB. */
  private static final List<String> FLAGS = List.of("--quota-backend-bytes=17179869184");

  private static final Duration LEAST_FOR_MEMORY = Duration.ofSeconds(5);
  private static final Duration REST_MAX = Duration.ofSeconds(1);

  /**
   * A run.
   *
   * @param out the folder for the report and the data
   * @param clients the number of clients that attack at once
   * @param time the length of each attack
   * @param patience how long a client waits for an answer
   * @param bothWays true to try each attack at a server and at the proxy; false to alternate
   */
  public record Plan(
      Launch launch,
      Path out,
      AttackData stock,
      List<Attack> attacks,
      int clients,
      Duration time,
      Duration patience,
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
    cluster = ClusterProcesses.ofThree(plan.launch(), data, FLAGS);
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
    attack(attack, at, port);
    results.getLast().broken().forEach(line -> out.println("  broken: " + line));
    Awaiting.pause(rest());
  }

  @SuppressWarnings("NullAway") // a resource may be null
  private void attack(Attack attack, String at, int port) {
    long term = poller.term();
    Map<String, AbuseMemory> before = memory();
    Map<String, Long> refusedBefore = AbuseRefusals.at(cluster.security(), ports());
    boolean users = attack.needsUsers();
    Map<String, Long> endings;
    Map<String, Long> most;
    PoliteClient.Seen seen;
    HostPort proxy = address(cluster.ports().proxy());
    try (AbuseUsers _ = users ? AbuseUsers.enable(List.of(proxy)) : null;
        PoliteClient polite = new PoliteClient(proxy, users)) {
      Awaiting.pause(rest());
      var _ = polite.take();
      CompletableFuture<Map<String, Long>> run =
          CompletableFuture.supplyAsync(
              () -> attack.on(address(port), plan.clients(), plan.time(), plan.patience()));
      most = watch(run);
      seen = polite.take();
      endings = run.join();
    }
    awaitLeader(); // without a user the poller sees nothing while users are in force
    results.add(
        new AbuseResult(
            attack,
            at,
            endings,
            seen,
            cluster.ended(),
            poller.term() != term,
            grownMost(before, most),
            AbuseRefusals.since(refusedBefore, AbuseRefusals.at(cluster.security(), ports()))));
  }

  /** The process that keeps most; waits at most 30 s until each has given its memory back. */
  private AbuseResult.Memory grownMost(Map<String, AbuseMemory> before, Map<String, Long> most) {
    long limit = Math.min(BACK_MAX.toNanos(), 4 * plan.time().toNanos());
    long end = System.nanoTime() + limit;
    Map<String, AbuseMemory> after = memory();
    while (!isBack(before, after) && System.nanoTime() - end < 0) {
      Awaiting.pause(REST_MAX);
      after = memory();
    }
    String name = largestGrowth(before, after);
    return new AbuseResult.Memory(
        name, in(before, name), most.getOrDefault(name, 0L), in(after, name));
  }

  private static boolean isBack(Map<String, AbuseMemory> before, Map<String, AbuseMemory> after) {
    return after.entrySet().stream()
        .allMatch(each -> each.getValue().isBackTo(in(before, each.getKey())));
  }

  private static String largestGrowth(
      Map<String, AbuseMemory> before, Map<String, AbuseMemory> after) {
    return after.keySet().stream()
        .max(Comparator.comparingLong(name -> in(after, name).growthSince(in(before, name))))
        .orElse("");
  }

  private static AbuseMemory in(Map<String, AbuseMemory> memory, String name) {
    return memory.getOrDefault(name, AbuseMemory.NONE);
  }

  /** Waits for the end of the attack; returns the most resident bytes of each process during it. */
  private Map<String, Long> watch(CompletableFuture<Map<String, Long>> attack) {
    Map<String, Long> most = new TreeMap<>();
    while (!attack.isDone()) {
      processes()
          .forEach(
              (name, process) -> most.merge(name, ResidentMemory.bytes(process.pid()), Math::max));
      Awaiting.pause(LOOK);
    }
    return most;
  }

  /** A process of the cluster. */
  private record Running(long pid, int port) {}

  /** The processes that run, by name. */
  private Map<String, Running> processes() {
    Map<String, Running> all = new TreeMap<>();
    for (int server : cluster.numbers()) {
      long pid = cluster.child(server).pid();
      all.put("server " + server, new Running(pid, cluster.ports().client(server)));
    }
    cluster.children().stream()
        .filter(child -> all.values().stream().noneMatch(known -> known.pid() == child.pid()))
        .forEach(proxy -> all.put("proxy", new Running(proxy.pid(), cluster.ports().proxy())));
    return all;
  }

  /** Empty for short attacks: their collections would cost more than they do. */
  private Map<String, AbuseMemory> memory() {
    Map<String, AbuseMemory> all = new TreeMap<>();
    if (plan.time().compareTo(LEAST_FOR_MEMORY) < 0) {
      return all;
    }
    processes()
        .forEach(
            (name, process) ->
                all.put(name, AbuseMemory.of(cluster.security(), process.pid(), process.port())));
    return all;
  }

  private List<Integer> ports() {
    return processes().values().stream().map(Running::port).toList();
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
