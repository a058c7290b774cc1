package io.balsa.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.check.LinearizabilityChecker.Limits;
import io.balsa.check.Strategy.Ending;
import io.balsa.house.SharesCores;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lowe's search against brute force and the other search, and with many clients. */
@SharesCores
class RegisterSearchTest {
  private static final long MEMORY = 64 << 20;
  private static final Limits FEW_STEPS = new Limits(10_000_000, 256 << 20);

  private static boolean isLegal(History history) {
    Strategy search = Objects.requireNonNull(RegisterSearch.of(history.operations()));
    Ending ending = search.run(10_000_000, MEMORY);
    assertThat(ending).isIn(Ending.LEGAL, Ending.ILLEGAL);
    if (ending == Ending.ILLEGAL) {
      assertThat(search.counterExample().stuck()).hasSize(1);
    }
    return ending == Ending.LEGAL;
  }

  private static boolean isLegalByTheOther(History history) {
    Ending ending =
        new WingGongSearch<>(new RegisterModel(), history.operations()).run(50_000_000, 4 * MEMORY);
    assertThat(ending).isIn(Ending.LEGAL, Ending.ILLEGAL);
    return ending == Ending.LEGAL;
  }

  private static History damaged(History history, long seed, int values) {
    History one = HardHistory.withOtherRead(history, seed, values);
    return seed % 3 == 0 ? one : HardHistory.withOtherRead(one, seed + 1, values);
  }

  @Test
  void bruteForceAgreesOnSmallHistories() {
    int illegal = 0;
    for (int seed = 0; seed < 6000; seed++) {
      int values = 2 + seed % 2;
      HardHistory.Shape shape =
          new HardHistory.Shape(4 + seed % 2, 8, values, seed % 5 * 0.1, 2 + seed % 7);
      History history = damaged(HardHistory.legal(seed, shape), seed, values);
      boolean possible = Permutations.anyLegal(new RegisterModel(), history);
      assertThat(isLegal(history)).as("seed %d\n%s", seed, history.toText()).isEqualTo(possible);
      illegal += possible ? 0 : 1;
    }
    assertThat(illegal).isBetween(600, 5400);
  }

  @Test
  void bruteForceAgreesWithDeletionsAndMutations() {
    List<Mutation> mutations = List.of(Mutation.values());
    for (int seed = 0; seed < 4000; seed++) {
      RandomHistory.Shape shape = new RandomHistory.Shape(4, 7, 1, 6, 2, 0.2, false);
      History legal = RandomHistory.legal(seed, shape);
      History history = mutations.get(seed % mutations.size()).of(legal, seed);
      boolean possible = Permutations.anyLegal(new RegisterModel(), history);
      assertThat(isLegal(history)).as("seed %d\n%s", seed, history.toText()).isEqualTo(possible);
    }
  }

  /** Random answers: most histories are illegal, a few are just legal. */
  @Test
  void bruteForceAgreesOnAnswersByTheDice() {
    int legal = 0;
    for (int seed = 0; seed < 6000; seed++) {
      HardHistory.Shape shape = new HardHistory.Shape(5, 8, 2, seed % 4 * 0.1, 4);
      History history = HardHistory.legal(seed, shape);
      Random dice = new Random(seed);
      List<Operation> operations =
          history.operations().stream().map(each -> answeredByDice(each, dice)).toList();
      history = new History(operations);
      boolean possible = Permutations.anyLegal(new RegisterModel(), history);
      assertThat(isLegal(history)).as("seed %d\n%s", seed, history.toText()).isEqualTo(possible);
      legal += possible ? 1 : 0;
    }
    assertThat(legal).isBetween(600, 5400);
  }

  private static Operation answeredByDice(Operation operation, Random dice) {
    return operation.answer() instanceof Answer.Swapped told && dice.nextInt(3) == 0
        ? operation.with(new Answer.Swapped(!told.swapped(), 0), operation.returned())
        : operation;
  }

  @Test
  void theOtherSearchAgreesOnLongerHistories() {
    int illegal = 0;
    for (int seed = 0; seed < 1500; seed++) {
      int values = 2 + seed % 3;
      HardHistory.Shape shape = new HardHistory.Shape(4 + seed % 4, 40, values, seed % 3 * 0.07, 6);
      History history = damaged(HardHistory.legal(seed, shape), seed, values);
      boolean possible = isLegalByTheOther(history);
      assertThat(isLegal(history)).as("seed %d\n%s", seed, history.toText()).isEqualTo(possible);
      illegal += possible ? 0 : 1;
    }
    assertThat(illegal).isBetween(150, 1350);
  }

  @ParameterizedTest
  @CsvSource({"5,0", "5,0.1", "5,0.3", "3,0.02", "2,0", "2,0.1"})
  void fiftyClientsOnOneRegisterAreDecided(int values, double unknown) {
    LinearizabilityChecker checker = new LinearizabilityChecker(Model.register(), FEW_STEPS);
    History legal = HardHistory.legal(7, new HardHistory.Shape(50, 2000, values, unknown, 100));
    assertThat(checker.check(legal)).isInstanceOf(Verdict.Ok.class);
    History other = HardHistory.withOtherRead(legal, 7, values);
    assertThat(checker.check(other)).isNotInstanceOf(Verdict.Unknown.class);
  }

  /** No pending write can explain that two successive reads differ. */
  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void twoReadsInThePauseRefuteFiftyClients(int values) {
    LinearizabilityChecker checker = new LinearizabilityChecker(Model.register(), FEW_STEPS);
    History legal = HardHistory.legal(8, new HardHistory.Shape(50, 2000, values, 0, 100));
    assertThat(checker.check(HardHistory.withReadsInThePause(legal, 0, 1)))
        .isInstanceOf(Verdict.Illegal.class);
  }
}
