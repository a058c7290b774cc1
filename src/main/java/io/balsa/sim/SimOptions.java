package io.balsa.sim;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a seed is run.
 *
 * @param faults how long things go wrong, in virtual time
 * @param calm how long the cluster may take afterwards until all is well
 * @param servers how many servers; 0 for as the seed has it
 * @param trace where the story goes, line by line; null for nowhere
 * @param without the names of the kinds of fault that do not happen, or of single faults
 * @param clients how many clients; 0 for as the seed has it
 * @param operations how many requests clients make while things go wrong
 */
public record SimOptions(
    Duration faults,
    Duration calm,
    int servers,
    @Nullable PrintStream trace,
    List<String> without,
    int clients,
    int operations) {
  /** Fifty seconds of faults, at most sixty of calm, of which most seeds need ten. */
  public static final SimOptions DEFAULT =
      new SimOptions(Duration.ofSeconds(50), Duration.ofSeconds(60), 0, null);

  /** With everything else as the seed has it. */
  public SimOptions(Duration faults, Duration calm, int servers, @Nullable PrintStream trace) {
    this(faults, calm, servers, trace, List.of(), 0, Integer.MAX_VALUE);
  }

  /** The same with the story told. */
  public SimOptions withTrace(PrintStream to) {
    return new SimOptions(faults, calm, servers, to, without, clients, operations);
  }

  /** The same with other times. */
  public SimOptions withFaults(Duration length) {
    return new SimOptions(length, calm, servers, trace, without, clients, operations);
  }

  /** The same with as many servers. */
  public SimOptions withServers(int count) {
    return new SimOptions(faults, calm, count, trace, without, clients, operations);
  }

  /** The same with as many clients. */
  public SimOptions withClients(int count) {
    return new SimOptions(faults, calm, servers, trace, without, count, operations);
  }

  /** The same with at most so many requests while things go wrong. */
  public SimOptions withOperations(int count) {
    return new SimOptions(faults, calm, servers, trace, without, clients, count);
  }

  /** The same with one kind of fault less. */
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

  /** The command that runs a seed so. */
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
