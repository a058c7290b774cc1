package io.balsa.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.zip.CRC32C;

/** The trace hashes of some seeds, also as a program, to compare two JVMs. */
final class TraceHashes {
  static final long FIRST = 1;
  static final int COUNT = 6;

  private TraceHashes() {}

  /** The trace hashes, and the hash of all lines of the first trace. */
  static String of(long first, int count) {
    StringBuilder hashes = new StringBuilder();
    SimOptions options = SimOptions.DEFAULT.withFaults(Duration.ofSeconds(4));
    for (long seed = first; seed < first + count; seed++) {
      hashes.append(Long.toHexString(Simulation.run(seed, options).traceHash())).append(' ');
    }
    return hashes + told(first, options);
  }

  private static String told(long seed, SimOptions options) {
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    Simulation.run(seed, options.withTrace(new PrintStream(told, true, UTF_8)));
    CRC32C crc = new CRC32C();
    crc.update(told.toByteArray());
    return told.size() + " " + Long.toHexString(crc.getValue());
  }

  public static void main(String[] arguments) {
    Simulate.quiet();
    System.out.println(of(FIRST, COUNT));
  }
}
