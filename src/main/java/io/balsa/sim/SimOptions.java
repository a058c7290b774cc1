package io.balsa.sim;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a run.
 *
 * @param faults the virtual time with faults
 * @param calm the virtual time in which the cluster must come to rest afterwards
 * @param servers the number of servers; 0 for a number drawn from the seed
 * @param trace gets the trace, line by line; null for none
 * @param without kinds of fault, or single faults, that do not happen
 * @param clients the number of clients; 0 for a number drawn from the seed
 * @param operations the most requests of clients in the time with faults
 */
public record SimOptions(
    Duration faults,
    Duration calm,
    int servers,
    @Nullable PrintStream trace,
    List<String> without,
    int clients,
    int operations) {
  /**
   * 50 seconds with faults; at most 60 until the cluster is at rest, of which most seeds need 10.
   */
  public static final SimOptions DEFAULT =
      new SimOptions(Duration.ofSeconds(50), Duration.ofSeconds(60), 0, null);

  /** Options with all other values drawn from the seed. */
  public SimOptions(Duration faults, Duration calm, int servers, @Nullable PrintStream trace) {
    this(faults, calm, servers, trace, List.of(), 0, Integer.MAX_VALUE);
  }

  /** The same with a trace. */
  public SimOptions withTrace(PrintStream to) {
    return new SimOptions(faults, calm, servers, to, without, clients, operations);
  }

  /** The same with another time with faults. */
  public SimOptions withFaults(Duration length) {
    return new SimOptions(length, calm, servers, trace, without, clients, operations);
  }

  /** The same with another number of servers. */
  public SimOptions withServers(int count) {
    return new SimOptions(faults, calm, count, trace, without, clients, operations);
  }

  /** The same with another number of clients. */
  public SimOptions withClients(int count) {
    return new SimOptions(faults, calm, servers, trace, without, count, operations);
  }

  /** The same with a limit of requests in the time with faults. */
  public SimOptions withOperations(int count) {
    return new SimOptions(faults, calm, servers, trace, without, clients, count);
  }

  /** The same without one kind of fault. */
  public SimOptions without(String fault) {
    return withoutAll(List.of(fault));
  }

  /** The same without some kinds of fault, or single ones as {@link SimReport#plan} names them. */
  public SimOptions withoutAll(List<String> faults) {
    List<String> more = new ArrayList<>(without);
    more.addAll(faults);
    return new SimOptions(
        this.faults, calm, servers, trace, List.copyOf(more), clients, operations);
  }

  /** The command that runs a seed with these options. */
  public String command(long seed) {
    StringBuilder command = new StringBuilder("./balsa simulate --seed " + seed);
    if (!faults.equals(DEFAULT.faults)) {
      command.append(" --faults ").append(faults.toSeconds());
    }
    if (servers != 0) {
      command.append(" --servers ").append(servers);
    }
    if (clients != 0) {
      command.append(" --clients ").append(clients);
    }
    if (operations != Integer.MAX_VALUE) {
      command.append(" --operations ").append(operations);
    }
    if (!without.isEmpty()) {
      command.append(" --without ").append(String.join(",", without));
    }
    return command.toString();
  }
}
