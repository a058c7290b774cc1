package io.balsa.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.check.LinearizabilityChecker.Limits;
import io.balsa.check.RandomHistory.Shape;
import io.balsa.house.SharesCores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SharesCores
class LinearizabilityCheckerTest {
  private static final Shape USUAL = new Shape(8, 400, 3, 40, 0, 0.05, false);

  private static Verdict register(String history) {
    return new LinearizabilityChecker(Model.register()).check(History.parse(history));
  }

  private static Verdict kv(String history) {
    return new LinearizabilityChecker(Model.kv()).check(History.parse(history));
  }

  @Test
  void aReadSeesTheWriteBeforeIt() {
    assertThat(register("0 1 2 \"k\" put \"a\" -> done\n1 3 4 \"k\" get -> found \"a\"").isOk())
        .isTrue();
    assertThat(register("0 1 2 \"k\" put \"a\" -> done\n1 3 4 \"k\" get -> nothing"))
        .isInstanceOf(Verdict.Illegal.class);
  }

  @Test
  void aReadMayOrMayNotSeeAWriteThatOverlaps() {
    assertThat(register("0 1 5 \"k\" put \"a\" -> done\n1 3 4 \"k\" get -> found \"a\"").isOk())
        .isTrue();
    assertThat(register("0 1 5 \"k\" put \"a\" -> done\n1 3 4 \"k\" get -> nothing").isOk())
        .isTrue();
    assertThat(register("0 1 3 \"k\" put \"a\" -> done\n1 3 4 \"k\" get -> nothing").isOk())
        .isTrue();
  }

  @Test
  void aValueOnceReadIsNotForgotten() {
    String stale =
        """
        0 1 9 "k" put "a" -> done
        1 2 3 "k" get -> found "a"
        2 4 5 "k" get -> nothing
        """;
    assertThat(register(stale)).isInstanceOf(Verdict.Illegal.class);
  }

  @Test
  void aWriteOfUnknownOutcomeMayHappenLateOrNever() {
    String late =
        """
        0 1 ? "k" put "a" -> unknown
        1 2 3 "k" get -> nothing
        1 4 5 "k" get -> found "a"
        """;
    assertThat(register(late).isOk()).isTrue();
    assertThat(register("0 1 ? \"k\" put \"a\" -> unknown\n1 2 3 \"k\" get -> nothing").isOk())
        .isTrue();
    String twice = late + "1 6 7 \"k\" put \"b\" -> done\n1 8 9 \"k\" get -> found \"a\"\n";
    assertThat(register(twice)).isInstanceOf(Verdict.Illegal.class);
  }

  @Test
  void twoClientsCannotSwapTheSameValueAway() {
    String both =
        """
        0 1 2 "k" put "a" -> done
        1 3 9 "k" cas "a" "b" -> swapped
        2 3 9 "k" cas "a" "c" -> swapped
        """;
    assertThat(register(both)).isInstanceOf(Verdict.Illegal.class);
    assertThat(register(both.replace("\"c\" -> swapped", "\"c\" -> not-swapped")).isOk()).isTrue();
  }

  @Test
  void keysDoNotTouchEachOther() {
    assertThat(register("0 1 2 \"k\" put \"a\" -> done\n1 3 4 \"l\" get -> nothing").isOk())
        .isTrue();
  }

  @Test
  void revisionsMustFit() {
    String history =
        """
        0 1 9 "k" put "a" -> done revision=5
        1 1 9 "k" put "b" -> done revision=4
        2 10 11 "k" get -> found "a" create=4 mod=5 version=2 revision=7
        """;
    assertThat(kv(history).isOk()).isTrue();
    assertThat(kv(history.replace("create=4", "create=5"))).isInstanceOf(Verdict.Illegal.class);
    assertThat(kv(history.replace("version=2", "version=1"))).isInstanceOf(Verdict.Illegal.class);
    assertThat(kv(history.replace("revision=7", "revision=4"))).isInstanceOf(Verdict.Illegal.class);
  }

  @Test
  void aReadTellsTheRevisionOfAWriteThatWasNotAnswered() {
    String history =
        """
        0 1 ? "k" put "a" -> unknown
        1 2 3 "k" get -> found "a" create=4 mod=4 version=1 revision=6
        1 4 5 "k" put "b" -> done revision=7
        1 6 7 "k" get -> found "b" create=4 mod=7 version=2 revision=7
        """;
    assertThat(kv(history).isOk()).isTrue();
    assertThat(kv(history.replace("create=4 mod=7", "create=3 mod=7")))
        .isInstanceOf(Verdict.Illegal.class);
  }

  @Test
  void aCounterExampleNamesWhatCannotBePlaced() {
    Verdict verdict =
        register(
            """
            0 1 2 "k" put "a" -> done
            0 3 4 "k" put "b" -> done
            1 5 6 "k" get -> found "a"
            """);
    assertThat(verdict).isInstanceOf(Verdict.Illegal.class);
    Verdict.Illegal illegal = (Verdict.Illegal) verdict;
    assertThat(illegal.placed()).isEqualTo(2);
    assertThat(illegal.stuck()).hasSize(1);
    assertThat(illegal.toString()).contains("1 5 6 \"k\" get -> found \"a\"");
  }

  @Test
  void twoAnswersThatContradictEachOtherAreTheWholeCounterExample() {
    Verdict verdict =
        kv(
            """
            0 1 2 "k" put "a" -> done revision=2
            0 3 4 "k" put "b" -> done revision=3
            1 5 6 "k" get -> found "a" create=2 mod=2 version=1 revision=2
            0 5 9 "k" put "c" -> done revision=4
            """);
    assertThat(verdict).isInstanceOf(Verdict.Illegal.class);
    Verdict.Illegal illegal = (Verdict.Illegal) verdict;
    assertThat(illegal.longest()).hasSize(1);
    assertThat(illegal.stuck()).hasSize(1);
    assertThat(illegal.stuck().getFirst().toString()).contains("found \"a\"");
  }

  /** Each write may have happened at any time after its call; only versions show how many did. */
  @Test
  void manyPutsThatNobodyAnsweredOrSawAreDecidedSoon() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          for (int seed = 0; seed < 10; seed++) {
            History legal = RandomHistory.legal(seed, new Shape(12, 400, 1, 30, 0, 0.1, true));
            assertThat(new LinearizabilityChecker(Model.kv()).check(legal))
                .as("seed %d", seed)
                .isInstanceOf(Verdict.Ok.class);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void randomLegalHistoriesAreLegal(boolean revisions) {
    for (int seed = 0; seed < 300; seed++) {
      Shape shape = new Shape(8, 300, 2, 30, seed % 2 == 0 ? 0 : 5, 0.05, revisions);
      Verdict verdict =
          new LinearizabilityChecker(revisions ? Model.kv() : Model.register())
              .check(RandomHistory.legal(seed, shape));
      assertThat(verdict).as("seed %d", seed).isInstanceOf(Verdict.Ok.class);
    }
  }

  @Test
  void aBruteForceSearchAgreesOnSmallHistories() {
    List<Mutation> mutations = List.of(Mutation.values());
    int illegal = 0;
    for (int seed = 0; seed < 3000; seed++) {
      Shape shape = new Shape(4, 7, 1, 6, 2, 0.2, seed % 2 == 0);
      History history = RandomHistory.legal(seed, shape);
      history = mutations.get(seed % mutations.size()).of(history, seed);
      boolean revisions = seed % 2 == 0;
      boolean possible =
          revisions
              ? Permutations.anyLegal(new KvModel(), history)
              : Permutations.anyLegal(new RegisterModel(), history);
      Verdict verdict =
          new LinearizabilityChecker(revisions ? Model.kv() : Model.register()).check(history);
      assertThat(verdict.isOk()).as("seed %d\n%s", seed, history.toText()).isEqualTo(possible);
      illegal += possible ? 0 : 1;
    }
    assertThat(illegal).isBetween(300, 2700);
  }

  @Test
  void mutatedHistoriesAreIllegal() {
    for (Mutation mutation : Mutation.values()) {
      int found = 0;
      int tried = 0;
      for (int seed = 0; tried < 200; seed++) {
        History legal = RandomHistory.legal(seed, USUAL);
        History mutated = mutation.of(legal, seed);
        if (!mutated.equals(legal)) {
          Verdict verdict = new LinearizabilityChecker(Model.register()).check(mutated);
          assertThat(verdict).isNotInstanceOf(Verdict.Unknown.class);
          tried++;
          found += verdict.isOk() ? 0 : 1;
        }
      }
      assertThat(found)
          .as("%s found in %d of %d", mutation, found, tried)
          .isGreaterThanOrEqualTo(tried * 95 / 100);
    }
  }

  @Test
  void fiftyClientsAtOnceAreDecidedInSeconds() {
    Shape crowd = new Shape(50, 2000, 8, 60, 5, 0.01, false);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          for (int seed = 0; seed < 5; seed++) {
            History legal = RandomHistory.legal(seed, crowd);
            assertThat(new LinearizabilityChecker(Model.register()).check(legal).isOk()).isTrue();
            History broken = withStaleRead(legal);
            assertThat(new LinearizabilityChecker(Model.register()).check(broken))
                .isInstanceOf(Verdict.Illegal.class);
          }
        });
  }

  /** Adds a key with a read of a value that no operation wrote to keys that are hard to decide. */
  private static History withStaleRead(History history) {
    List<Operation> operations = new ArrayList<>(history.operations());
    int last = operations.size() - 1;
    Operation end = operations.get(last);
    operations.add(
        new Operation(
            99,
            Bytes.utf8("k7"),
            new KeyRequest.Get(),
            new Answer.Found(Bytes.utf8("never"), 0, 0, 0, 0),
            end.called(),
            end.called() + 1));
    return new History(operations);
  }

  @Test
  void whatIsTooHardIsUnknown() {
    List<Operation> operations = new ArrayList<>();
    History crowd = RandomHistory.legal(1, new Shape(40, 200, 1, 500, 3, 0, false));
    operations.addAll(crowd.operations());
    Verdict verdict =
        new LinearizabilityChecker(Model.register(), new Limits(50, 1 << 20))
            .check(new History(operations));
    assertThat(verdict).isInstanceOf(Verdict.Unknown.class);
    assertThat(verdict.isOk()).isFalse();
  }
}
