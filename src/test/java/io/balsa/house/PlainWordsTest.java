package io.balsa.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sentences and table cells are short, in pages and in code. */
@SharesCores
class PlainWordsTest {
  private static final String LONG = "Word " + "word ".repeat(PlainWords.WORDS_MAX - 1) + "end.";
  private static final String ALLOWED = "Word " + "word ".repeat(PlainWords.WORDS_MAX - 2) + "end.";

  @Test
  void noSentenceOfThePagesIsLong() {
    List<String> offences = new ArrayList<>();
    for (Path page : Sources.below("", name -> name.endsWith(".md")).files()) {
      offences.addAll(PlainWords.ofMarkdown(page.toString(), Sources.text(page)));
    }
    assertThat(offences).isEmpty();
  }

  @Test
  void noSentenceOfTheCodeIsLong() {
    List<Path> files = Sources.java("src").files();
    List<String> offences = new ArrayList<>();
    for (JavaTrees.Comment comment : JavaTrees.of(files).comments()) {
      offences.addAll(PlainWords.ofJavadoc(comment.file(), comment.line(), comment.text()));
    }
    for (Path file : files) {
      offences.addAll(PlainWords.ofLineComments(file.toString(), Sources.text(file)));
    }
    assertThat(offences).isEmpty();
  }

  @Test
  void theRulesBite() {
    assertThat(PlainWords.ofMarkdown("a.md", "# Title\n\nShort one. " + LONG + " Another."))
        .singleElement()
        .asString()
        .startsWith("a.md:3: 36 words: Word word");
    assertThat(PlainWords.ofMarkdown("a.md", "- short\n- " + LONG.replace("word ", "palabra,\n  ")))
        .hasSize(1);
    assertThat(PlainWords.ofMarkdown("a.md", "|a|b|\n|---|---|\n|x|" + "x".repeat(201) + "|"))
        .singleElement()
        .asString()
        .startsWith("a.md:3: a cell of 201: xxx");
    assertThat(PlainWords.ofJavadoc("A.java", 7, " Short one. " + LONG)).hasSize(1);
    assertThat(PlainWords.ofJavadoc("A.java", 7, " Short one.\n @param x " + LONG)).hasSize(1);
    assertThat(PlainWords.ofLineComments("A.java", "x;\n  // " + LONG.replace(" ", "\n  // ")))
        .singleElement()
        .asString()
        .startsWith("A.java:2: 36 words");
  }

  @Test
  void theRulesSpare() {
    assertThat(PlainWords.ofMarkdown("a.md", ALLOWED + " " + ALLOWED)).isEmpty();
    assertThat(PlainWords.ofMarkdown("a.md", "```\n" + LONG + "\n```\n`" + LONG + "`")).isEmpty();
    assertThat(PlainWords.ofMarkdown("a.md", "- " + ALLOWED + "\n- " + ALLOWED)).isEmpty();
    assertThat(PlainWords.ofMarkdown("a.md", "|" + "x".repeat(200) + "|")).isEmpty();
    assertThat(PlainWords.ofMarkdown("a.md", "|[a](" + "x".repeat(200) + ")|")).isEmpty();
    assertThat(PlainWords.ofJavadoc("A.java", 1, ALLOWED + " {@code " + LONG + "}")).isEmpty();
    assertThat(PlainWords.ofJavadoc("A.java", 1, "<pre>" + LONG + "</pre>")).isEmpty();
  }

  @Test
  void theParserFindsAllThatIsCounted() {
    JavaTrees trees = JavaTrees.of(Sources.java("src/test/java/io/balsa/house").files());
    assertThat(trees.comments())
        .anyMatch(comment -> comment.text().contains("The fence around the rooms"))
        .anyMatch(comment -> comment.file().endsWith("package-info.java"));
    assertThat(trees.types())
        .contains(
            new JavaTrees.Type("io.balsa.house", "JavaTrees"),
            new JavaTrees.Type("io.balsa.house", "JavaTrees.Reader"));
    assertThat(trees.methods()).anyMatch(method -> method.place().endsWith(": theRulesBite"));
  }
}
