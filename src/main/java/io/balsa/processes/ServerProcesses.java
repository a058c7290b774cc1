package io.balsa.processes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What servers on this machine use, as the system tells; those that have ended use nothing. */
public record ServerProcesses(List<Long> pids) {
  private static final String RESIDENT = "VmRSS:";

  /** The CPU time of all of them so far. */
  public Duration cpu() {
    return pids.stream()
        .map(ProcessHandle::of)
        .flatMap(Optional::stream)
        .map(process -> process.info().totalCpuDuration())
        .flatMap(Optional::stream)
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** The memory of each, in bytes; 0 where the system does not tell. */
  public List<Long> memory() {
    return pids.stream().map(ServerProcesses::resident).toList();
  }

  private static long resident(long pid) {
    return Folders.lines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith(RESIDENT))
        .map(line -> line.substring(RESIDENT.length()).replace("kB", "").strip())
        .mapToLong(kib -> Long.parseLong(kib) * 1024)
        .sum();
  }
}
