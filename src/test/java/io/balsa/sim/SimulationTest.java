package io.balsa.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Runs whole clusters, one for each seed; {@code -Dsim.seeds=2000 -Dsim.first=1} for more or other
 * seeds. {@link SimOptions#withTrace} prints the events of a broken seed.
 */
@SharesCores
@Order(1)
class SimulationTest {
  private static final long FIRST = Long.getLong("sim.first", 1);
  private static final int SEEDS = Integer.getInteger("sim.seeds", 50);
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
        .as("every counted kind of fault has happened")
        .hasSize(Fault.values().length - 3);
    assertThat(sum(reports, SimReport::marks))
        .as("rare events were reached")
        .hasSizeGreaterThanOrEqualTo(Mark.values().length - 3);
    assertThat(sum(reports, SimReport::deaths))
        .as("machines died inside steps at many places")
        .hasSizeGreaterThanOrEqualTo(20);
    assertThat(reports.stream().mapToInt(SimReport::acknowledged).sum())
        .as("clients were served")
        .isGreaterThan(10 * SEEDS);
  }

  /** New seeds; the report names a broken one. */
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

  /** Each seed broke once, and the cause may come back. */
  @Test
  void whatBrokeOnceHolds() throws IOException {
    Simulate.quiet();
    List<Long> seeds = brokenOnce();
    assertThat(seeds).isNotEmpty();
    assertThat(seeds.parallelStream().map(seed -> Simulation.run(seed, OPTIONS)).toList())
        .filteredOn(report -> !report.passed())
        .isEmpty();
  }

  /** Only pauses: leaders, followers or all servers stop for up to five seconds. */
  @Test
  void kb109PausesAloneLoseNothingAndServeNothingStale() {
    Simulate.quiet();
    List<String> others =
        Stream.of(Fault.values()).filter(each -> each != Fault.PAUSE).map(Fault::name).toList();
    List<SimReport> reports =
        LongStream.range(0, 16)
            .parallel()
            .mapToObj(seed -> Simulation.run(seed, OPTIONS.withoutAll(others)))
            .toList();
    assertThat(reports).filteredOn(report -> !report.passed()).isEmpty();
    assertThat(sum(reports, SimReport::faults)).containsOnlyKeys(Fault.PAUSE.name());
    assertThat(sum(reports, SimReport::marks))
        .containsKeys(Mark.LEADER_PAUSED.title(), Mark.PAUSE_SEEN.title());
  }

  private static List<Long> brokenOnce() throws IOException {
    try (InputStream in = SimulationTest.class.getResourceAsStream("/seeds/broken.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> Long.valueOf(line.split(" ", 2)[0]))
          .toList();
    }
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
    String here = TraceHashes.of(TraceHashes.FIRST, TraceHashes.COUNT);
    Process serial = anotherMachine("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    Process parallel = anotherMachine("-XX:+UseParallelGC", "-XX:hashCode=3");
    assertThat(TraceHashes.of(TraceHashes.FIRST, TraceHashes.COUNT)).isEqualTo(here);
    assertThat(output(serial)).as("another collector").isEqualTo(here);
    assertThat(output(parallel)).as("a third collector, and other identity hashes").isEqualTo(here);
  }

  /** A JVM with another collector, compiler and identity hashes, which must not matter. */
  private static Process anotherMachine(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UnlockExperimentalVMOptions");
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(TraceHashes.class.getName());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static String output(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    return output.strip();
  }
}
