package io.balsa.mutants;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A place in a source and what is to stand there. Any white space is as good as any other, so that
 * an edit outlives a change of layout.
 *
 * @param file a path from the sources' folder on
 * @param before what stands there; found exactly once
 */
record Edit(String file, String before, String after) {
  /** The source with the edit made. */
  String in(String source) throws BadMutant {
    if (before.isBlank()) {
      throw new BadMutant("the edit of " + file + " names no text to be replaced");
    }
    Matcher matcher = pattern().matcher(source);
    if (!matcher.find()) {
      throw new BadMutant(file + " does not hold the text to be replaced: " + firstLine());
    }
    int start = matcher.start();
    int end = matcher.end();
    if (matcher.find()) {
      throw new BadMutant(file + " holds the text to be replaced more than once: " + firstLine());
    }
    return source.substring(0, start) + after.strip() + source.substring(end);
  }

  private Pattern pattern() {
    return Pattern.compile(
        Arrays.stream(before.strip().split("\\s+"))
            .map(Pattern::quote)
            .collect(Collectors.joining("\\s+")));
  }

  private String firstLine() {
    return before.strip().lines().findFirst().orElse("");
  }
}
