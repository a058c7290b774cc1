package io.balsa.sim;

import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a seed is run.
 *
 * @param faults how long things go wrong, in virtual time
 * @param calm how long the cluster may take afterwards until all is well
 * @param servers how many servers; 0 for as the seed has it
 * @param trace where the story goes, line by line; null for nowhere
 */
public record SimOptions(Duration faults, Duration calm, int servers, @Nullable PrintStream trace) {
  /** Ten seconds of faults, at most thirty of calm. */
  public static final SimOptions DEFAULT =
      new SimOptions(Duration.ofSeconds(10), Duration.ofSeconds(30), 0, null);

  /** The same with the story told. */
  public SimOptions withTrace(PrintStream to) {
    return new SimOptions(faults, calm, servers, to);
  }

  /** The same with other times. */
  public SimOptions withFaults(Duration length) {
    return new SimOptions(length, calm, servers, trace);
  }
}
