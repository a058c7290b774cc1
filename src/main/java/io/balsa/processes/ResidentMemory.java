package io.balsa.processes;

import java.nio.file.Path;

/** The resident memory of processes on this machine. */
public final class ResidentMemory {
  private static final String RESIDENT = "VmRSS:";

  private ResidentMemory() {}

  /** The resident bytes of a process; 0 when it has ended, and on other systems than Linux. */
  public static long bytes(long pid) {
    return Folders.lines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith(RESIDENT))
        .mapToLong(line -> kibibytes(line.substring(RESIDENT.length())) << 10)
        .sum();
  }

  private static long kibibytes(String text) {
    return Long.parseLong(text.replace("kB", "").strip());
  }
}
