package io.balsa.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.balsa.house.SharesCores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sends the same requests to a real etcd and to Balsa, and compares the answers: codes, texts,
 * revisions, everything except the member. It runs live if etcd is installed, and always against
 * recorded answers.
 *
 * <p>{@code -Dbalsa.oracle.family=LEASE -Dbalsa.oracle.seed=1 -Dbalsa.oracle.seeds=100
 * -Dbalsa.oracle.steps=1000} compares more. {@code -Dbalsa.oracle.etcd=FOLDER} or {@code
 * BALSA_ETCD=FOLDER} takes the etcd in that folder. {@link KnownDifference} lists what an older
 * etcd does in another way. {@code -Dbalsa.oracle.record=true} with etcd installed writes the
 * recordings anew.
 */
@SharesCores
class OracleTest {
  private static final Path RECORDINGS = Path.of("src/test/resources/oracle");
  private static final int RECORDED_STEPS = 700;

  /** Makes the steps of a seed, for an etcd that they may be sent to. */
  interface Dice {
    RandomSteps roll(Reference etcd, long seed);
  }

  /** The families of steps, and how many steps each build compares. */
  enum Family {
    KV(StepDice::new, 400),
    JSON(JsonDice::new, 200),
    WATCH(WatchDice::new, 140),
    LEASE(LeaseDice::new, 170),
    CONCURRENCY((_, seed) -> new ConcurrencyDice(seed), 100),
    AUTH((_, seed) -> new AuthDice(seed), 250);

    @SuppressWarnings("ImmutableEnumChecker") // constructors have no state
    private final Dice dice;

    private final int steps;

    /** Whether an etcd can be compared with. */
    boolean isFor(Reference etcd) {
      return this != AUTH || etcd.agreesOn(KnownDifference.USERS);
    }

    Family(Dice dice, int steps) {
      this.dice = dice;
      this.steps = steps;
    }
  }

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
        Step step = Step.Call.parse(line);
        String expected = decode(line.split(" ", 4)[3]);
        String actual = balsa.ask(step);
        before.add(step);
        assertThat(actual).as(() -> story(before)).isEqualTo(expected);
      }
    }
    assertThat(before).hasSize(RECORDED_STEPS);
  }

  private static void record(long seed, Path recording) throws IOException {
    Reference reference = Reference.installed().orElseThrow();
    StepDice dice = new StepDice(reference, seed);
    List<String> lines = new ArrayList<>();
    try (EtcdProcess process = EtcdProcess.start(reference.program());
        Party etcd = new Party(process.port())) {
      for (int i = 0; i < RECORDED_STEPS; i++) {
        Step.Call step = dice.next();
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

  @ParameterizedTest
  @EnumSource
  void balsaAnswersAsTheInstalledEtcd(Family family) throws IOException {
    Optional<Reference> installed = Reference.installed();
    if (installed.isEmpty()) {
      assertThat(System.getenv("CI")).as("CI compares with a real etcd: install one").isNull();
      return;
    }
    if (!System.getProperty("balsa.oracle.family", family.name()).equals(family.name())) {
      return;
    }
    Reference etcd = installed.get();
    if (!family.isFor(etcd)) {
      return;
    }
    int steps = Integer.getInteger("balsa.oracle.steps", family.steps);
    long first = Long.getLong("balsa.oracle.seed", 100);
    for (long seed = first; seed < first + Integer.getInteger("balsa.oracle.seeds", 1); seed++) {
      Comparison.Difference difference =
          Comparison.random(etcd.program(), family.dice.roll(etcd, seed), steps);
      if (difference != null) {
        fail(
            "%s, seed %d, step %d:\n%s\nwith the fewest steps, %s",
            family,
            seed,
            difference.steps().size(),
            difference.last(),
            Comparison.shrink(etcd.program(), difference));
      }
    }
  }
}
