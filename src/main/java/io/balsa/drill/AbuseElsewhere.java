package io.balsa.drill;

import io.balsa.attack.Attack;
import io.balsa.attack.AttackData;
import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.Credentials;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.processes.Awaiting;
import io.balsa.report.Table;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attacks a store that runs already, of Balsa or of etcd, and reports what a polite client saw. It
 * sees nothing of the processes, so it judges only times, failures and the term.
 */
public final class AbuseElsewhere {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration REST_MAX = Duration.ofSeconds(5);

  /**
   * A run.
   *
   * @param endpoints the attacks go to the first one; the polite client uses the last one
   */
  public record Plan(
      List<HostPort> endpoints,
      AttackData stock,
      List<Attack> attacks,
      int clients,
      Duration time) {}

  private final Plan plan;
  private final PrintWriter out;
  private final Table table =
      new Table(
          "attack",
          "put p99 ms",
          "slowest ms",
          "failed",
          "leader changed",
          "answers of the attack");

  private AbuseElsewhere(Plan plan, PrintWriter out) {
    this.plan = plan;
    this.out = out;
  }

  /** Runs all attacks, one after the other, and prints a table. Leaves the data where they are. */
  public static void run(Plan plan, PrintWriter out) {
    new AbuseElsewhere(plan, out).run();
  }

  private void run() {
    out.println("filling the store ...");
    out.flush();
    plan.stock().fill(plan.endpoints().getFirst());
    for (Attack attack : plan.attacks()) {
      out.println(attack.title() + " ...");
      out.flush();
      attack(attack);
      Awaiting.pause(rest());
    }
    out.println();
    out.println(table.text());
    out.flush();
  }

  /** The pause before and after an attack. */
  private Duration rest() {
    Duration quarter = plan.time().dividedBy(4);
    return quarter.compareTo(REST_MAX) < 0 ? quarter : REST_MAX;
  }

  @SuppressWarnings("NullAway") // a resource may be null
  private void attack(Attack attack) {
    HostPort target = plan.endpoints().getFirst();
    HostPort polite = plan.endpoints().getLast();
    boolean users = attack.needsUsers();
    long term = term(polite, null);
    long termAfter;
    PoliteClient.Seen seen;
    Map<String, Long> endings;
    try (AbuseUsers _ = users ? AbuseUsers.enable(List.of(polite)) : null;
        PoliteClient client = new PoliteClient(polite, users)) {
      Awaiting.pause(rest());
      var _ = client.take();
      endings = attack.on(target, plan.clients(), plan.time(), Attack.PATIENCE);
      seen = client.take();
      termAfter = term(polite, users ? AbuseUsers.ROOT : null);
    }
    table.row(
        attack.title(),
        String.valueOf(seen.p99().toMillis()),
        String.valueOf(seen.slowest().toMillis()),
        seen.failures().size() + " of " + seen.requests(),
        termAfter == term ? "no" : "yes",
        AbuseReport.sums(endings));
  }

  /** The term that a server knows; 0 when it does not answer. */
  private static long term(HostPort address, @Nullable Credentials who) {
    ClientSettings settings = ClientSettings.DEFAULT.as(who);
    try (EtcdCalls calls = new EtcdCalls(EtcdClient.open(List.of(address), settings), LIMIT)) {
      return EtcdCalls.await(calls.status()).getRaftTerm();
    } catch (RequestFailed _) {
      return 0;
    }
  }
}
