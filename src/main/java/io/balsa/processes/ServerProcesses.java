package io.balsa.processes;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The CPU time and memory of servers on this machine. A server that has ended counts as 0. */
public record ServerProcesses(List<Long> pids) {
  /** The CPU time of all servers together, since they were started. */
  public Duration cpu() {
    return pids.stream()
        .map(ProcessHandle::of)
        .flatMap(Optional::stream)
        .map(process -> process.info().totalCpuDuration())
        .flatMap(Optional::stream)
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** The resident bytes of each server; 0 on other systems than Linux. */
  public List<Long> memory() {
    return pids.stream().map(ResidentMemory::bytes).toList();
  }
}
