package io.balsa.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.house.SharesCores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulator finds planted bugs, and finds nothing without one. */
@SharesCores
class MutantsTest {
  private static final Path SOURCES = Path.of("").toAbsolutePath();
  private static final Path FOLDER = Path.of("src/test/mutants");

  @Test
  void everyMutantFitsTheSources() throws BadMutant {
    for (Mutant mutant : Mutant.readAll(FOLDER)) {
      assertThat(mutant.edited(SOURCES)).as(mutant.name()).isNotEmpty();
      assertThat(mutant.bug()).as(mutant.name()).matches("(KB|SEC)-\\d+");
    }
    assertThat(Mutant.readAll(FOLDER).size()).isGreaterThanOrEqualTo(40);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vote-before-durable",
        "count-old-terms",
        "ack-before-force",
        "no-directory-force",
        "doubled-proposals",
        "salted-order"
      })
  void aPlantedBugIsFound(String name) throws BadMutant {
    Mutant mutant = Mutant.read(FOLDER.resolve(name + ".mutant"));
    Hunt.Outcome outcome = new Hunt(SOURCES, 1, 60, Duration.ofSeconds(10)).hunt(mutant);
    assertThat(outcome.isCaught()).as(mutant.name()).isTrue();
  }

  @Test
  void anEditWithoutEffectIsNotFound() throws BadMutant {
    Mutant same =
        MutantText.parse(
            "same",
            """
            file: src/main/java/io/balsa/raft/Leader.java
            <<< old
            // Commit.
            === new
            // Commit
            >>>
            """);
    Hunt.Outcome outcome = new Hunt(SOURCES, 1, 3, Duration.ofSeconds(3)).hunt(same);
    assertThat(outcome.check()).isNull();
  }

  @Test
  void aDiffIsAMutantToo() throws BadMutant {
    Mutant mutant =
        MutantText.parse(
            "from a diff",
            """
            diff --git a/A.java b/A.java
            --- a/A.java
            +++ b/A.java
            @@ -1,3 +1,3 @@ class A {
               int one;
            -  int two;
            +  int three;
               int four;
            """);
    assertThat(mutant.edits())
        .isEqualTo(
            List.of(
                new Edit(
                    "A.java",
                    "  int one;\n  int two;\n  int four;\n",
                    "  int one;\n  int three;\n  int four;\n")));
  }

  @Test
  void anEditNeedsItsTextOnce() {
    Edit edit = new Edit("A.java", "a +\n b", "c");
    assertThatThrownBy(() -> edit.in("x"))
        .hasMessage("A.java does not hold the text to be replaced: a +");
    assertThatThrownBy(() -> edit.in("a + b; a   + b"))
        .hasMessage("A.java holds the text to be replaced more than once: a +");
  }

  @Test
  void anEditThatDoesNotCompileIsRefused() {
    assertThatThrownBy(() -> MutantCompiler.compile(Map.of("A.java", "class A { int x = y; }")))
        .isInstanceOf(BadMutant.class)
        .hasMessageStartingWith("the mutant does not compile: line 1: cannot find symbol");
  }
}
