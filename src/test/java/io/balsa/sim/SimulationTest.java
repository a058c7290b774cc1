package io.balsa.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Whole clusters, one for each seed; {@code -Dsim.seeds=2000 -Dsim.first=1} for more or others. A
 * seed that breaks is told again, event by event, by {@link SimOptions#withTrace}.
 */
class SimulationTest {
  private static final long FIRST = Long.getLong("sim.first", 1);
  private static final int SEEDS = Integer.getInteger("sim.seeds", 300);
  private static final int FRESH = 10;
  private static final SimOptions OPTIONS =
      SimOptions.DEFAULT.withFaults(Duration.ofSeconds(Long.getLong("sim.seconds", 50)));

  @Test
  void everySeedHolds() {
    Simulate.quiet();
    List<SimReport> reports =
        LongStream.range(FIRST, FIRST + SEEDS)
            .parallel()
            .mapToObj(seed -> Simulation.run(seed, OPTIONS))
            .toList();
    assertThat(reports).filteredOn(report -> !report.passed()).isEmpty();
    assertThat(sum(reports, SimReport::faults))
        .as("every kind of fault that is not always there has happened")
        .hasSize(Fault.values().length - 3);
    assertThat(sum(reports, SimReport::marks))
        .as("what is rare was reached")
        .hasSizeGreaterThanOrEqualTo(Mark.values().length - 3);
    assertThat(sum(reports, SimReport::deaths))
        .as("machines died inside steps at many places")
        .hasSizeGreaterThanOrEqualTo(40);
    assertThat(reports.stream().mapToInt(SimReport::acknowledged).sum())
        .as("clients were served")
        .isGreaterThan(10 * SEEDS);
  }

  /** Seeds that nobody has seen before; one that breaks is named by its report. */
  @Test
  void freshSeedsHold() {
    Simulate.quiet();
    long first = new SecureRandom().nextInt(Integer.MAX_VALUE);
    assertThat(
            LongStream.range(first, first + FRESH)
                .mapToObj(seed -> Simulation.run(seed, OPTIONS))
                .filter(report -> !report.passed()))
        .isEmpty();
  }

  private static Map<String, Integer> sum(
      List<SimReport> reports, Function<SimReport, Map<String, Integer>> counts) {
    Map<String, Integer> sums = new TreeMap<>();
    for (SimReport report : reports) {
      counts.apply(report).forEach((what, times) -> sums.merge(what, times, Integer::sum));
    }
    return sums;
  }

  @Test
  void kb110ASeedIsAWholeRun() throws Exception {
    Simulate.quiet();
    List<String> here = List.of(TraceHashes.of(1, 4), TraceHashes.of(1, 4));
    assertThat(here.getFirst()).isEqualTo(here.getLast());
    assertThat(inAnotherMachine()).isEqualTo(here.getFirst());
  }

  /** The interpreter alone, another collector, other hash seeds: nothing of it may matter. */
  private static String inAnotherMachine() throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseParallelGC",
                "-cp",
                System.getProperty("java.class.path"),
                TraceHashes.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    return output.strip();
  }
}
