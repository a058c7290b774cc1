package io.balsa.sim;

import java.time.Duration;

/** The trace hashes of some seeds, also as a program: to be the same in two machines. */
final class TraceHashes {
  private TraceHashes() {}

  static String of(long first, int count) {
    StringBuilder hashes = new StringBuilder();
    SimOptions options = SimOptions.DEFAULT.withFaults(Duration.ofSeconds(4));
    for (long seed = first; seed < first + count; seed++) {
      hashes.append(Long.toHexString(Simulation.run(seed, options).traceHash())).append(' ');
    }
    return hashes.toString().strip();
  }

  public static void main(String[] arguments) {
    Simulate.quiet();
    System.out.println(of(1, 4));
  }
}
