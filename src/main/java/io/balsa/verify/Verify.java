package io.balsa.verify;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.check.History;
import io.balsa.check.LinearizabilityChecker;
import io.balsa.check.Model;
import io.balsa.check.Verdict;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.processes.Awaiting;
import io.balsa.processes.ClusterProcesses;
import io.balsa.processes.Folders;
import io.balsa.processes.InstrumentFailure;
import io.balsa.processes.Launch;
import io.balsa.processes.Relays;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a running cluster from many clients at once, breaks it meanwhile if it is its own, and looks
 * for one order that explains every answer.
 */
public final class Verify {
  private static final int SERVERS = 3;
  private static final String PREFIX = "verify/";
  private static final Duration READY = Duration.ofSeconds(40);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** Clients go on for a while when nothing is broken any more. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(2);

  private final Plan plan;
  private final PrintWriter out;

  /** What is done to servers of one's own. */
  public enum Fault {
    /** A server is killed with -9 and started again. */
    KILL,
    /** A server stands still and goes on. */
    PAUSE,
    /** Servers no longer hear each other. */
    PARTITION
  }

  /**
   * What to do.
   *
   * @param launch how to start servers; for a cluster of one's own
   * @param endpoints whom to ask; none for three servers of one's own
   * @param faults what is done to these
   * @param length for how long
   * @param clients how many ask
   * @param out the folder for history, timeline and, meanwhile, data
   */
  public record Plan(
      Launch launch,
      List<HostPort> endpoints,
      List<Fault> faults,
      Duration length,
      int clients,
      Path out) {}

  /**
   * What came of it.
   *
   * @param answers whether one order explains all that clients were told
   * @param watches whether watchers were told what etcd promises
   */
  public record Outcome(Verdict answers, WatchVerdict watches) {}

  private Verify(Plan plan, PrintWriter out) {
    this.plan = plan;
    this.out = out;
  }

  /**
   * Runs it, tells what came of it and writes {@code history.txt}, {@code watches.txt} and {@code
   * timeline.html}.
   *
   * @throws InstrumentFailure when it could not be run to its end
   */
  public static Outcome run(Plan plan, PrintWriter out) {
    return new Verify(plan, out).run();
  }

  private Outcome run() {
    Folders.made(plan.out());
    return plan.endpoints().isEmpty() ? ofOwn() : ofOthers();
  }

  private Outcome ofOwn() {
    Path data = plan.out().resolve("data").toAbsolutePath();
    Folders.delete(data);
    try (Relays relays = new Relays(SERVERS);
        ClusterProcesses cluster = ClusterProcesses.behind(relays, plan.launch(), data)) {
      List<HostPort> addresses = new ArrayList<>();
      for (int server : cluster.numbers()) {
        addresses.add(new HostPort("127.0.0.1", cluster.ports().client(server)));
      }
      addresses.add(HostPort.parse(cluster.proxyAddress()));
      FaultRunner faults = new FaultRunner(cluster, relays, plan.faults());
      return judge(addresses, faults::run);
    }
  }

  private Outcome ofOthers() {
    return judge(
        plan.endpoints(),
        length -> {
          Awaiting.pause(length);
          return List.of();
        });
  }

  /** Lets time pass, and gives what was done meanwhile. */
  private interface Meanwhile {
    List<FaultRunner.InjectedFault> run(Duration length);
  }

  private Outcome judge(List<HostPort> addresses, Meanwhile meanwhile) {
    addresses.forEach(Verify::awaitAnswer);
    String prefix = PREFIX + Long.toHexString(System.nanoTime()) + "/";
    try (WatchVerification watchers = new WatchVerification(addresses, prefix)) {
      VerifyLoad load = new VerifyLoad(addresses, plan.clients(), prefix);
      List<FaultRunner.InjectedFault> done;
      try (load) {
        done = meanwhile.run(plan.length());
        Awaiting.pause(AFTERWARDS);
      }
      out.printf(
          "%d clients of %d addresses: %d requests answered, %d failed, %d times something was"
              + " broken%n",
          plan.clients(), addresses.size(), load.answered(), load.failed(), done.size());
      Outcome outcome = tell(load.history(), done, watchers.judge(load.history()));
      clean(addresses, prefix);
      return outcome;
    }
  }

  private Outcome tell(
      History history, List<FaultRunner.InjectedFault> done, WatchVerdict watches) {
    Verdict answers = new LinearizabilityChecker(Model.kv()).check(history);
    Folders.write(plan.out().resolve("history.txt"), history.toText());
    Folders.write(plan.out().resolve("watches.txt"), watches.words() + "\n\n" + watches.streams());
    Folders.write(
        plan.out().resolve("timeline.html"), HistoryPage.of(history, answers, done).html());
    out.println(text(answers));
    out.println("watches: " + watches.words());
    out.println("history and timeline: " + plan.out().resolve("timeline.html"));
    return new Outcome(answers, watches);
  }

  private static String text(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Ok ok ->
          "linearizable: one order explains every answer, found in " + ok.steps() + " steps";
      case Verdict.Illegal illegal -> "NOT LINEARIZABLE\n" + illegal;
      case Verdict.Unknown unknown -> "UNKNOWN, which proves nothing: " + unknown.reason();
    };
  }

  private static void awaitAnswer(HostPort address) {
    try (EtcdCalls calls = EtcdCalls.open(List.of(address), LIMIT)) {
      Awaiting.until(
          address + " answering",
          READY,
          () -> {
            calls.connectNow();
            return answers(calls);
          });
    }
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

  /** Other people's clusters are left as they were found. */
  private void clean(List<HostPort> addresses, String prefix) {
    String end = prefix.substring(0, prefix.length() - 1) + (char) ('/' + 1);
    DeleteRangeRequest all =
        DeleteRangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(prefix))
            .setRangeEnd(ByteString.copyFromUtf8(end))
            .build();
    try (EtcdCalls calls = EtcdCalls.open(addresses, LIMIT)) {
      EtcdCalls.await(calls.deleteRange(all));
    } catch (RequestFailed failed) {
      out.println("the keys " + prefix + "* could not be deleted: " + failed.getMessage());
    }
  }
}
