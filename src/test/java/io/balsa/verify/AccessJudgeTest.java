package io.balsa.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.verify.AccessJudge.Asked;
import io.balsa.verify.AccessJudge.Change;
import io.balsa.verify.AccessJudge.Evidence;
import io.balsa.verify.AccessJudge.Right;
import io.balsa.verify.AccessJudge.Seen;
import io.balsa.verify.AccessJudge.Span;
import io.balsa.verify.AccessJudge.Use;
import io.balsa.verify.AccessJudge.Watched;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Hand-made runs. Times are milliseconds. Ann gets the right to read at 1,000 to 1,100, and loses
 * it at 5,000 to 5,100.
 */
class AccessJudgeTest {
  private static final long MILLI = 1_000_000;
  private static final Right READ = new Right("ann", "p", Use.READ);

  private final List<Change> changes =
      new ArrayList<>(List.of(change(true, true, 1_000, 1_100), change(false, true, 5_000, 5_100)));
  private final List<Asked> asked = new ArrayList<>();
  private final List<Seen> seen = new ArrayList<>();
  private final List<Watched> watched = new ArrayList<>();
  private final List<Span> disturbed = new ArrayList<>();
  private Map<Integer, List<Span>> proofs = Map.of();

  private static Change change(boolean given, boolean sure, long called, long returned) {
    return new Change(READ, given, sure, called * MILLI, returned * MILLI);
  }

  private static Span span(long from, long to) {
    return new Span(from * MILLI, to * MILLI);
  }

  private void ask(Set<Use> needs, boolean denied, long called, long returned) {
    asked.add(new Asked("ann", "p", needs, denied, called * MILLI, returned * MILLI, "it"));
  }

  private AccessVerdict verdict() {
    return AccessJudge.judge(new Evidence(changes, asked, seen, watched, proofs, disturbed));
  }

  /** So that something can be judged. */
  private void askWhatIsRight() {
    ask(EnumSet.of(Use.READ), false, 1_200, 1_300);
    ask(EnumSet.of(Use.READ), true, 100, 200);
  }

  private void expect(boolean good, String why) {
    askWhatIsRight();
    AccessVerdict verdict = verdict();
    assertThat(verdict.kind())
        .as(verdict.words())
        .isEqualTo(good ? AccessVerdict.Kind.HOLD : AccessVerdict.Kind.BROKEN);
    assertThat(verdict.words()).contains(good ? "no answer that" : why);
  }

  @ParameterizedTest
  @CsvSource({
    "100, 900, false", // never had it
    "100, 1000, false",
    "100, 1001, true", // the gift had been called
    "900, 1200, true",
    "4900, 5050, true",
    "5050, 5500, true", // the removal had not returned
    "5100, 5200, false",
    "9000, 9900, false"
  })
  void anAnswerWithoutARightIsFound(long called, long returned, boolean good) {
    ask(EnumSet.of(Use.READ), false, called, returned);
    expect(good, "an answer without a right");
  }

  @ParameterizedTest
  @CsvSource({
    "100, 900, true",
    "1050, 1200, true", // the gift had not returned
    "1100, 1200, false",
    "1100, 5000, false",
    "4900, 5001, true", // the removal had been called
    "5200, 5300, true"
  })
  void aDenialInSpiteOfARightIsFound(long called, long returned, boolean good) {
    ask(EnumSet.of(Use.READ), true, called, returned);
    expect(good, "a denial in spite of a right");
  }

  @Test
  void oneOfTwoRightsIsNotEnough() {
    ask(EnumSet.allOf(Use.class), false, 2_000, 2_100);
    expect(false, "an answer without a right");
  }

  @Test
  void aDenialForWantOfOneOfTwoRightsIsGood() {
    ask(EnumSet.allOf(Use.class), true, 2_000, 2_100);
    expect(true, "");
  }

  @Test
  void aGiftOfUnknownOutcomeAllowsBoth() {
    changes.set(0, change(true, false, 1_000, 1_100));
    ask(EnumSet.of(Use.READ), true, 2_000, 2_100);
    ask(EnumSet.of(Use.READ), false, 2_000, 2_100);
    ask(EnumSet.of(Use.READ), true, 100, 200);
    changes.add(change(true, true, 6_000, 6_100));
    ask(EnumSet.of(Use.READ), false, 6_200, 6_300);

    assertThat(verdict().kind()).isEqualTo(AccessVerdict.Kind.HOLD);
  }

  @Test
  void aRemovalOfUnknownOutcomeAllowsBoth() {
    changes.set(1, change(false, false, 5_000, 5_100));
    ask(EnumSet.of(Use.READ), true, 6_000, 6_100);
    ask(EnumSet.of(Use.READ), false, 6_000, 6_100);
    expect(true, "");
  }

  @ParameterizedTest
  @CsvSource({
    "4900, 9000, true", // written before the removal, however late it comes
    "6000, 6100, true", // within the second
    "6100, 6200, false"
  })
  void anEventASecondAfterTheRemovalIsFound(long written, long arrived, boolean good) {
    seen.add(new Seen("ann", "p", written * MILLI, arrived * MILLI, "event"));
    expect(good, "an event a second after");
  }

  @Test
  void anEventAfterANewGiftIsGood() {
    changes.add(change(true, true, 7_000, 7_100));
    seen.add(new Seen("ann", "p", 6_200 * MILLI, 7_050 * MILLI, "event"));
    expect(true, "");
  }

  /** Server 1 answers a request that was called after the removal at 5,500. */
  private void watch(long until) {
    proofs = Map.of(1, List.of(span(4_000, 4_100), span(5_400, 5_500)));
    watched.add(new Watched("ann", "p", List.of(1), 1_200 * MILLI, until * MILLI, "watch"));
  }

  @ParameterizedTest
  @CsvSource({"5200, true", "6500, true", "6501, false", "99000, false"})
  void aWatchThatGoesOnIsFound(long until, boolean good) {
    watch(until);
    expect(good, "a watch went on");
  }

  @Test
  void aWatchMayGoOnWhileItsServerIsPaused() {
    watch(9_000);
    disturbed.add(span(5_600, 8_900));
    expect(true, "");
  }

  @Test
  void aWatchMayGoOnWhileItsServerHeardNothing() {
    watch(9_000);
    proofs = Map.of(1, List.of(span(4_000, 4_100)), 2, List.of(span(5_400, 5_500)));
    expect(true, "");
  }

  @Test
  void aWatchMayGoOnWithANewRight() {
    watch(9_000);
    changes.add(change(true, true, 6_400, 6_450));
    expect(true, "");
  }

  @Test
  void nothingJudgedProvesNothing() {
    assertThat(verdict().kind()).isEqualTo(AccessVerdict.Kind.UNKNOWN);
    ask(EnumSet.of(Use.READ), false, 1_050, 1_200);
    assertThat(verdict().kind()).isEqualTo(AccessVerdict.Kind.UNKNOWN);
  }
}
