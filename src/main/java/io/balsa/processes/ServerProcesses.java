package io.balsa.processes;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What servers on this machine use, as the system tells; those that have ended use nothing. */
public record ServerProcesses(List<Long> pids) {
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
    return pids.stream().map(ResidentMemory::bytes).toList();
  }
}
