package io.balsa.cli;

import java.util.ArrayList;
import java.util.List;

/** The examples of a help, made to fit a width so that a shell still takes them. */
final class ExampleLines {
  private static final String INDENT = "    ";
  private static final String GOES_ON = " \\";

  private ExampleLines() {}

  /** The lines of a footer. Those behind a line that says Example are for a shell. */
  static List<String> fitted(List<String> footer, int width) {
    List<String> fitted = new ArrayList<>();
    boolean examples = false;
    for (String line : footer) {
      examples |= line.startsWith("Example");
      if (examples) {
        fit(line, width, fitted);
      } else {
        fitted.add(line);
      }
    }
    return fitted;
  }

  private static void fit(String line, int width, List<String> fitted) {
    int comment = line.indexOf(" # ");
    int at = line.length() <= width ? -1 : lastBlank(line, width - GOES_ON.length());
    if (line.length() > width && comment > 0 && !line.substring(0, comment).isBlank()) {
      fitted.add("  " + line.substring(comment).strip());
      fit(line.substring(0, comment).stripTrailing(), width, fitted);
    } else if (at < 0) {
      breakAtComma(line, width, fitted);
    } else {
      fitted.add(line.substring(0, at) + GOES_ON);
      fit(INDENT + line.substring(at + 1).strip(), width, fitted);
    }
  }

  /** A word goes on at the beginning of the next line. */
  private static void breakAtComma(String line, int width, List<String> fitted) {
    int comma = line.length() <= width ? -1 : line.lastIndexOf(',', width - 2);
    if (comma < 0) {
      fitted.add(line);
    } else {
      fitted.add(line.substring(0, comma + 1) + "\\");
      fit(line.substring(comma + 1), width, fitted);
    }
  }

  /** The last blank between two words up to a place; negative when there is none. */
  private static int lastBlank(String line, int most) {
    int found = -1;
    char quote = 0;
    int from = line.length() - line.stripLeading().length();
    for (int i = from; i <= most; i++) {
      char each = line.charAt(i);
      if (quote == 0 && (each == '\'' || each == '"')) {
        quote = each;
      } else if (each == quote) {
        quote = 0;
      }
      if (each == ' ' && quote == 0) {
        found = i;
      }
    }
    return found;
  }
}
