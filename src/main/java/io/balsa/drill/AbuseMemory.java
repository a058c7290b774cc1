package io.balsa.drill;

import io.balsa.processes.Awaiting;
import io.balsa.processes.ClusterSecurity;
import io.balsa.processes.InstrumentFailure;
import io.balsa.processes.ResidentMemory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The memory of a process.
 *
 * @param resident its resident bytes
 * @param heap the bytes of its Java heap that are in use
 * @param direct its buffers outside the heap, in bytes
 */
record AbuseMemory(long resident, long heap, long direct) {
  static final AbuseMemory NONE = new AbuseMemory(0, 0, 0);

  /** How much more heap or buffers than before a process may keep; its caches vary as much. */
  static final long GROWTH_MAX = 24L << 20;

  private static final int COLLECT_SECONDS_MAX = 10;

  /**
   * The memory now, after a collection of the heap; so it holds only what is in use.
   *
   * @param security how the process is reached
   * @param port where the process serves its metrics
   */
  static AbuseMemory of(ClusterSecurity security, long pid, int port) {
    collect(pid);
    try {
      ScrapedMetrics metrics = ScrapedMetrics.of(security, port);
      return new AbuseMemory(
          ResidentMemory.bytes(pid),
          (long) metrics.sum("balsa_heap_used_bytes"),
          (long) metrics.sum("balsa_direct_memory_bytes"));
    } catch (InstrumentFailure _) { // the process has ended, which another check reports
      return NONE;
    }
  }

  /** Asks a JVM to collect. Without jcmd the numbers hold garbage too. */
  private static void collect(long pid) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    File nothing = new File("/dev/null");
    try {
      Process collecting =
          new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.run")
              .redirectOutput(nothing)
              .redirectErrorStream(true)
              .start();
      if (!collecting.waitFor(COLLECT_SECONDS_MAX, TimeUnit.SECONDS)) {
        collecting.destroyForcibly();
      }
    } catch (IOException missing) {
      return;
    } catch (InterruptedException interrupted) {
      throw Awaiting.interrupted(interrupted);
    }
  }

  /** How much more heap or buffers it has than at an earlier time, in bytes. */
  long growthSince(AbuseMemory before) {
    return Math.max(heap - before.heap, direct - before.direct);
  }

  /** Whether no more than a little is kept compared with an earlier time. */
  boolean isBackTo(AbuseMemory before) {
    return growthSince(before) <= GROWTH_MAX;
  }
}
