package io.balsa.mutants;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import io.balsa.sim.SimOptions;
import io.balsa.sim.SimReport;
import io.balsa.sim.Simulation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A failure of a planted bug shrinks to a few faults, and the printed command replays it. */
@SharesCores
class ShrinkTest {
  private static final Path SOURCES = Path.of("").toAbsolutePath();
  private static final Pattern LEFT = Pattern.compile("faults left: \\[(.*)]");
  private static final Duration LENGTH = Duration.ofSeconds(20);

  @Test
  void aFailureShrinksToAFewFaults() throws Exception {
    Mutant mutant = Mutant.read(Path.of("src/test/mutants/vote-lost-at-start.mutant"));
    long seed = new Hunt(SOURCES, 1, 60, LENGTH).hunt(mutant).lastSeed();
    String output = shrunk(mutant.compile(SOURCES), seed);
    Matcher left = LEFT.matcher(output);
    assertThat(left.find()).as(output).isTrue();
    assertThat(left.group(1).split(", ")).as(output).hasSizeLessThanOrEqualTo(3);
    assertThat(output).containsPattern("replay it: ./balsa simulate --seed " + seed + " .*--trace");
  }

  @Test
  void aSingleFaultIsLeftOutAndTheOthersStay() {
    SimOptions options = SimOptions.DEFAULT.withFaults(LENGTH);
    List<String> plan = Simulation.run(3, options).plan();
    int at = plan.size() / 2;
    SimReport report = Simulation.run(3, options.withoutAll(List.of(plan.get(at))));
    assertThat(report.plan()).doesNotContain(plan.get(at));
    assertThat(report.plan().subList(0, at)).isEqualTo(plan.subList(0, at));
    assertThat(report.passed()).isTrue();
  }

  @Test
  void aSeedThatPassesIsNotShrunk() throws Exception {
    assertThat(shrunk(Map.of(), 1)).contains("nothing to shrink");
  }

  /** Shrinks inside the class loader of the mutant. */
  private static String shrunk(Map<String, byte[]> classes, long seed) throws Exception {
    MutantLoader loader = new MutantLoader(classes);
    loader.loadClass("io.balsa.sim.Simulate").getMethod("quiet").invoke(null);
    Class<?> options = loader.loadClass("io.balsa.sim.SimOptions");
    Object plain = options.getField("DEFAULT").get(null);
    Object some = options.getMethod("withFaults", Duration.class).invoke(plain, LENGTH);
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    loader
        .loadClass("io.balsa.sim.Shrink")
        .getMethod("run", long.class, options, PrintStream.class)
        .invoke(null, seed, some, new PrintStream(output, true, UTF_8));
    return output.toString(UTF_8);
  }
}
