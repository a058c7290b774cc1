package io.balsa.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Asks a real etcd and Balsa the same and wants the same answer: codes, texts, revisions,
 * everything but who answered. Live wherever etcd is installed; against recorded answers
 * everywhere.
 *
 * <p>{@code -Dbalsa.oracle.record=true} with etcd installed writes the recordings anew.
 */
class OracleTest {
  private static final Path RECORDINGS = Path.of("src/test/resources/oracle");
  private static final int RECORDED_STEPS = 700;
  private static final int REPLAYS_MAX = 60;
  private static final int LIVE_STEPS = Integer.getInteger("balsa.oracle.steps", 1_500);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void balsaAnswersAsTheRecordedEtcd(long seed) throws IOException {
    Path recording = RECORDINGS.resolve("seed-" + seed + ".txt");
    if (Boolean.getBoolean("balsa.oracle.record")) {
      record(seed, recording);
    }
    List<Step> before = new ArrayList<>();
    try (OneServer one = OneServer.start();
        Party balsa = new Party(one.port())) {
      for (String line : Files.readAllLines(recording, UTF_8)) {
        Step step = Step.parse(line);
        String expected = decode(line.split(" ", 4)[3]);
        String actual = balsa.ask(step);
        before.add(step);
        assertThat(actual).as(() -> story(before)).isEqualTo(expected);
      }
    }
    assertThat(before).hasSize(RECORDED_STEPS);
  }

  private static void record(long seed, Path recording) throws IOException {
    StepDice dice = new StepDice(seed);
    List<String> lines = new ArrayList<>();
    Path program = EtcdProcess.installed().orElseThrow();
    try (EtcdProcess process = EtcdProcess.start(program);
        Party etcd = new Party(process.port())) {
      for (int i = 0; i < RECORDED_STEPS; i++) {
        Step step = dice.next();
        String answer = etcd.ask(step);
        dice.saw(step, answer);
        lines.add(step.line() + " " + Step.base64(answer.getBytes(UTF_8)));
      }
    }
    Files.createDirectories(recording.getParent());
    Files.write(recording, lines, UTF_8);
  }

  private static String decode(String word) {
    return new String(Base64.getDecoder().decode(word.substring(1)), UTF_8);
  }

  /** The last steps, newest last. */
  private static String story(List<Step> steps) {
    StringBuilder story =
        new StringBuilder("after " + steps.size() + " steps, the last of them:\n");
    steps.stream().skip(Math.max(0, steps.size() - 15)).forEach(s -> story.append(s).append('\n'));
    return story.toString();
  }

  @Test
  void balsaAnswersAsTheInstalledEtcd() throws IOException {
    Optional<Path> program = EtcdProcess.installed();
    if (program.isEmpty()) {
      assertThat(System.getenv("CI")).as("CI compares with a real etcd: install one").isNull();
      return;
    }
    long first = Long.getLong("balsa.oracle.seed", 100);
    for (long seed = first; seed < first + Integer.getInteger("balsa.oracle.seeds", 2); seed++) {
      Difference difference = random(program.get(), seed);
      if (difference != null) {
        fail("seed %d: %s", seed, shrink(program.get(), difference));
      }
    }
  }

  /** Steps of which the last one was answered differently. */
  private record Difference(List<Step> steps, String etcd, String balsa) {
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("answers differ after " + steps.size() + " steps:\n");
      steps.forEach(step -> text.append("  ").append(step).append('\n'));
      return text.append("etcd:  " + etcd + "\nbalsa: " + balsa).toString();
    }
  }

  private static @Nullable Difference random(Path program, long seed) throws IOException {
    StepDice dice = new StepDice(seed);
    List<Step> steps = new ArrayList<>();
    try (EtcdProcess process = EtcdProcess.start(program);
        Party etcd = new Party(process.port());
        OneServer one = OneServer.start();
        Party balsa = new Party(one.port())) {
      while (steps.size() < LIVE_STEPS) {
        Step step = dice.next();
        steps.add(step);
        String expected = etcd.ask(step);
        String actual = balsa.ask(step);
        if (!actual.equals(expected)) {
          return new Difference(steps, expected, actual);
        }
        dice.saw(step, expected);
      }
    }
    return null;
  }

  /** Runs given steps on fresh servers. */
  private static @Nullable Difference replay(Path program, List<Step> steps) throws IOException {
    try (EtcdProcess process = EtcdProcess.start(program);
        Party etcd = new Party(process.port());
        OneServer one = OneServer.start();
        Party balsa = new Party(one.port())) {
      for (int i = 0; i < steps.size(); i++) {
        String expected = etcd.ask(steps.get(i));
        String actual = balsa.ask(steps.get(i));
        if (!actual.equals(expected)) {
          return new Difference(List.copyOf(steps.subList(0, i + 1)), expected, actual);
        }
      }
    }
    return null;
  }

  /** Leaves steps out, large runs first, as long as some difference stays. */
  private static Difference shrink(Path program, Difference found) throws IOException {
    Difference smallest = found;
    int left = REPLAYS_MAX;
    for (int run = found.steps().size() / 2; run > 0; run /= 2) {
      int from = 0;
      while (from + run <= smallest.steps().size() && left-- > 0) {
        List<Step> fewer = new ArrayList<>(smallest.steps());
        fewer.subList(from, from + run).clear();
        Difference still = replay(program, fewer);
        if (still == null) {
          from += run;
        } else {
          smallest = still;
        }
      }
    }
    return smallest;
  }
}
