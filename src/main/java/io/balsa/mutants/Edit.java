package io.balsa.mutants;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An edit of a source: an old text and the new text in its place. Any white space matches any
 * other, so that an edit still fits after the source is formatted anew.
 *
 * @param file a path, relative to the folder of the sources
 * @param before the old text; it must be in the file exactly once
 * @param after the new text
 */
record Edit(String file, String before, String after) {
  /**
   * The source after the edit.
   *
   * @throws BadMutant when the old text is not in the source exactly once
   */
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
