package io.balsa.verify;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.check.History;
import io.balsa.check.LinearizabilityChecker;
import io.balsa.check.Model;
import io.balsa.check.Verdict;
import io.balsa.client.ClientSettings;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.processes.Awaiting;
import io.balsa.processes.ClusterProcesses;
import io.balsa.processes.Folders;
import io.balsa.processes.InstrumentFailure;
import io.balsa.processes.Launch;
import io.balsa.processes.Relays;
import io.balsa.processes.SecurityWish;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Sends requests of many clients to a cluster and injects faults, if the cluster is its own. Then
 * looks for one order of the operations that explains every answer.
 */
public final class Verify {
  private static final int SERVERS = 3;
  private static final String PREFIX = "verify/";
  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** How long the clients continue after the last fault. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(2);

  private final Plan plan;
  private final PrintWriter out;

  /** A kind of fault. */
  public enum Fault {
    /** A server is killed with -9 and started again. */
    KILL,
    /** A server is paused (SIGSTOP) and resumed. */
    PAUSE,
    /** Messages between servers are held back. */
    PARTITION
  }

  /**
   * A running cluster.
   *
   * @param endpoints where it is reached; empty to start three servers and a proxy
   * @param settings of a client that may do everything there
   */
  public record Running(List<HostPort> endpoints, ClientSettings settings) {
    /** No running cluster. */
    public static final Running NONE = new Running(List.of(), ClientSettings.DEFAULT);
  }

  /**
   * A run.
   *
   * @param launch how to start servers, if there are no endpoints
   * @param running the cluster to ask, if it is not one of its own
   * @param wish how its own servers are secured
   * @param faults for the servers that this run starts
   * @param length of the load and the faults
   * @param clients the number of clients
   * @param out the folder for history, timeline and data
   * @param keep whether the servers' data stay after a good run too
   */
  public record Plan(
      Launch launch,
      Running running,
      SecurityWish wish,
      List<Fault> faults,
      Duration length,
      int clients,
      Path out,
      boolean keep) {}

  /**
   * The result of a run.
   *
   * @param answers whether one order explains all answers
   * @param watches whether etcd's guarantees for watches hold
   * @param access whether every user got what it may have; good without users
   */
  public record Outcome(Verdict answers, WatchVerdict watches, AccessVerdict access) {
    /** Of a run without users. */
    public Outcome(Verdict answers, WatchVerdict watches) {
      this(answers, watches, AccessVerdict.WITHOUT_USERS);
    }

    /** Whether one of them is refuted. */
    public boolean isRefuted() {
      return answers instanceof Verdict.Illegal
          || watches.kind() == WatchVerdict.Kind.BROKEN
          || access.kind() == AccessVerdict.Kind.BROKEN;
    }

    /** Whether all are proved good. */
    public boolean isGood() {
      return answers.isOk()
          && watches.kind() == WatchVerdict.Kind.HOLD
          && access.kind() == AccessVerdict.Kind.HOLD;
    }
  }

  private Verify(Plan plan, PrintWriter out) {
    this.plan = plan;
    this.out = out;
  }

  /**
   * Runs, prints the result, and writes {@code history.txt}, {@code watches.txt} and {@code
   * timeline.html}. Deletes the data of its own servers after a good run, unless they are to stay.
   *
   * @throws InstrumentFailure when the run cannot be completed
   */
  public static Outcome run(Plan plan, PrintWriter out) {
    return new Verify(plan, out).run();
  }

  private Outcome run() {
    Folders.made(plan.out());
    return plan.running().endpoints().isEmpty() ? onOwnServers() : onRunningCluster();
  }

  private Outcome onOwnServers() {
    Path data = plan.out().resolve("data").toAbsolutePath();
    Folders.delete(data);
    Outcome outcome = onOwnServers(data);
    deleteUnlessKept(data, outcome, plan.keep(), out);
    return outcome;
  }

  /** Deletes the servers' data after a good run, unless they are to stay; else says where. */
  static void deleteUnlessKept(Path data, Outcome outcome, boolean keep, PrintWriter out) {
    if (outcome.isGood() && !keep) {
      Folders.delete(data);
    } else {
      out.println("data and logs of the servers: " + data);
    }
  }

  private Outcome onOwnServers(Path data) {
    try (Relays relays = new Relays(SERVERS);
        ClusterProcesses cluster =
            ClusterProcesses.behind(relays, plan.launch(), data, plan.wish())) {
      List<HostPort> addresses = new ArrayList<>(cluster.clientAddresses());
      addresses.add(cluster.proxyAddress());
      ClientSettings settings = cluster.security().settings();
      addresses.forEach(address -> awaitAnswer(address, settings, cluster::requireAlive));
      cluster.awaitUsers();
      String prefix = prefix();
      FaultRunner faults = new FaultRunner(cluster, relays, plan.faults());
      if (!plan.wish().users()) {
        LoadRights all = new LoadRights.Everybody(settings);
        return run(new Clients(addresses, settings, prefix, all), faults::run);
      }
      try (AccessRun access = new AccessRun(cluster.security(), addresses, prefix)) {
        access.start();
        Clients clients = new Clients(addresses, settings, prefix, access);
        return run(clients, faults::run);
      }
    }
  }

  private static String prefix() {
    return PREFIX + Long.toHexString(System.nanoTime()) + "/";
  }

  private Outcome onRunningCluster() {
    List<HostPort> endpoints = plan.running().endpoints();
    ClientSettings settings = plan.running().settings();
    endpoints.forEach(address -> awaitAnswer(address, settings, () -> {}));
    return run(
        new Clients(endpoints, settings, prefix(), new LoadRights.Everybody(settings)),
        length -> {
          Awaiting.pause(length);
          return List.of();
        });
  }

  /** Injects faults for a time and returns them. */
  private interface Faults {
    List<FaultRunner.InjectedFault> run(Duration length);
  }

  /** Who asks for what, and where; the settings are those of a client that may do everything. */
  private record Clients(
      List<HostPort> addresses, ClientSettings settings, String prefix, LoadRights rights) {}

  private Outcome run(Clients clients, Faults faults) {
    List<HostPort> addresses = clients.addresses();
    try (WatchVerification watchers =
        new WatchVerification(addresses, clients.settings(), clients.prefix())) {
      VerifyLoad load =
          new VerifyLoad(addresses, plan.clients(), clients.prefix(), clients.rights());
      List<FaultRunner.InjectedFault> injected;
      try (load) {
        injected = faults.run(plan.length());
        Awaiting.pause(AFTERWARDS);
      }
      out.printf(
          "%d clients of %d addresses: %d requests answered, %d failed; %d faults%n",
          plan.clients(), addresses.size(), load.answered(), load.failed(), injected.size());
      AccessVerdict access = clients.rights().verdict(injected);
      Set<String> refused = clients.rights().refused();
      WatchVerdict watches = watchers.check(load.history(), refused);
      Outcome outcome = report(load.history(), injected, watches, access);
      clean(clients);
      return outcome;
    }
  }

  private Outcome report(
      History history,
      List<FaultRunner.InjectedFault> injected,
      WatchVerdict watches,
      AccessVerdict access) {
    Verdict answers = new LinearizabilityChecker(Model.kv()).check(history);
    Outcome outcome = new Outcome(answers, watches, access);
    Folders.write(plan.out().resolve("history.txt"), history.toText());
    Folders.write(plan.out().resolve("watches.txt"), watches.words() + "\n\n" + watches.streams());
    Folders.write(
        plan.out().resolve("timeline.html"), HistoryPage.of(history, outcome, injected).html());
    out.println(text(answers));
    out.println("watches: " + watches.words());
    if (!access.words().isEmpty()) {
      out.println("users: " + access.words());
    }
    out.println("history and timeline: " + plan.out().resolve("timeline.html"));
    return outcome;
  }

  private static String text(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Ok ok ->
          "linearizable: one order explains every answer, found in " + ok.steps() + " steps";
      case Verdict.Illegal illegal -> "NOT LINEARIZABLE\n" + illegal;
      case Verdict.Unknown unknown -> "UNKNOWN, which proves nothing: " + unknown.reason();
    };
  }

  private static void awaitAnswer(
      HostPort address, ClientSettings settings, Runnable requireAlive) {
    try (EtcdCalls calls = calls(List.of(address), settings)) {
      Awaiting.until(
          address + " answering",
          READY,
          () -> {
            requireAlive.run();
            calls.connectNow();
            return answers(calls);
          });
    }
  }

  private static EtcdCalls calls(List<HostPort> addresses, ClientSettings settings) {
    return new EtcdCalls(EtcdClient.open(addresses, settings), LIMIT);
  }

  private static boolean answers(EtcdCalls calls) {
    RangeRequest request =
        RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(PREFIX)).build();
    try {
      EtcdCalls.await(calls.range(request));
      return true;
    } catch (RequestFailed _) {
      return false;
    }
  }

  /** Deletes the keys of this run. */
  private void clean(Clients clients) {
    String prefix = clients.prefix();
    String end = RecordingWatcher.end(prefix);
    DeleteRangeRequest all =
        DeleteRangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(prefix))
            .setRangeEnd(ByteString.copyFromUtf8(end))
            .build();
    try (EtcdCalls calls = calls(clients.addresses(), clients.settings())) {
      EtcdCalls.await(calls.deleteRange(all));
    } catch (RequestFailed failed) {
      out.println("the keys " + prefix + "* could not be deleted: " + failed.getMessage());
    }
  }
}
