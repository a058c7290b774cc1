package io.balsa.ctl;

import java.util.ArrayList;
import java.util.List;

/** Splits a line into words as a shell does: by blanks, but not inside quotes. */
public final class Words {
  private final String line;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean begun;
  private int at;

  private Words(String line) {
    this.line = line;
  }

  /**
   * The words of a line; a backslash in double quotes or outside of quotes takes the next
   * character.
   */
  public static List<String> split(String line) {
    Words words = new Words(line);
    words.readAll();
    return List.copyOf(words.words);
  }

  private void readAll() {
    while (at < line.length()) {
      char c = line.charAt(at++);
      switch (c) {
        case ' ', '\t' -> end();
        case '"', '\'' -> quoted(c);
        case '\\' -> escaped();
        default -> take(c);
      }
    }
    end();
  }

  private void quoted(char quote) {
    begun = true;
    while (at < line.length() && line.charAt(at) != quote) {
      char c = line.charAt(at++);
      if (c == '\\' && quote == '"') {
        escaped();
      } else {
        take(c);
      }
    }
    if (at++ == line.length()) {
      throw new BadInput("a quote is open at the end of: " + line);
    }
  }

  private void escaped() {
    if (at == line.length()) {
      throw new BadInput("nothing follows the \\ at the end of: " + line);
    }
    char c = line.charAt(at++);
    take(
        switch (c) {
          case 'n' -> '\n';
          case 't' -> '\t';
          default -> c;
        });
  }

  private void take(char c) {
    begun = true;
    word.append(c);
  }

  private void end() {
    if (begun) {
      words.add(word.toString());
      word.setLength(0);
      begun = false;
    }
  }
}
