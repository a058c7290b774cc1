package io.balsa.house;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds sentences and table cells that are too long. */
final class PlainWords {
  /** The words of the longest sentence allowed. */
  static final int WORDS_MAX = 35;

  /** The characters of the longest table cell allowed, without the addresses of its links. */
  static final int CELL_MAX = 200;

  private static final int BEGINNING = 90;
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}'’./_-]*");

  /** A colon or semicolon ends a sentence where a new one clearly begins. */
  private static final Pattern END =
      Pattern.compile("(?<=[.!?:;][\"')*_]{0,3})\\s+(?=[\\p{Lu}\"'(¿¡*_])");

  private static final Pattern JAVADOC_BLOCK =
      Pattern.compile(
          "</?(p|li|ul|ol|h\\d|td|th|tr|dt|dd)\\b[^>]*>"
              + "|(?m:^\\s*@(param|return|throws|see)\\b)");
  private static final Pattern JAVADOC_CODE = Pattern.compile("(?s)<pre>.*?</pre>");
  private static final Pattern INLINE_TAG = Pattern.compile("\\{@\\w+\\s+([^{}]*)\\}");
  private static final Pattern FENCE = Pattern.compile("\\s*(```|~~~).*");
  private static final Pattern ITEM = Pattern.compile("\\s*([-*+]|\\d+[.)])\\s+.*");
  private static final Pattern MARKDOWN_LINK = Pattern.compile("\\[([^\\]]*)\\]\\([^)]*\\)");
  private static final Pattern LINE_COMMENTS = Pattern.compile("(?m)(?:^[ \\t]*//.*\\R?)+");

  private final String file;
  private final List<String> offences = new ArrayList<>();

  private PlainWords(String file) {
    this.file = file;
  }

  /** The long sentences and cells of a page: {@code file:line: length: beginning}. */
  static List<String> ofMarkdown(String file, String text) {
    PlainWords words = new PlainWords(file);
    words.markdown(text.lines().toList());
    return words.offences;
  }

  /** The same for a Javadoc comment without its stars. */
  static List<String> ofJavadoc(String file, int line, String comment) {
    PlainWords words = new PlainWords(file);
    String text =
        INLINE_TAG.matcher(JAVADOC_CODE.matcher(comment).replaceAll("<p>")).replaceAll("Code");
    for (String block : JAVADOC_BLOCK.split(text)) {
      words.sentences(line, block);
    }
    return words.offences;
  }

  /** The same for all comments of a Java file that begin with two slashes. */
  static List<String> ofLineComments(String file, String text) {
    PlainWords words = new PlainWords(file);
    Matcher comments = LINE_COMMENTS.matcher(text);
    while (comments.find()) {
      int line = 1 + (int) text.substring(0, comments.start()).lines().count();
      words.sentences(line, comments.group().replaceAll("(?m)^[ \\t]*//", ""));
    }
    return words.offences;
  }

  private void markdown(List<String> lines) {
    StringBuilder block = new StringBuilder();
    int begin = 0;
    boolean code = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean fence = FENCE.matcher(line).matches();
      boolean row = line.startsWith("|");
      boolean alone = code || fence || row || line.isBlank() || line.startsWith("#");
      if (alone || ITEM.matcher(line).matches()) {
        sentences(begin, block.toString());
        block.setLength(0);
      }
      if (row && !code) {
        cells(i + 1, line);
      } else if (!alone) {
        begin = block.isEmpty() ? i + 1 : begin;
        block.append(line).append('\n');
      }
      code ^= fence;
    }
    sentences(begin, block.toString());
  }

  private void cells(int line, String row) {
    for (String cell : withoutMarks(row).split("(?<!\\\\)\\|", -1)) {
      String text = cell.strip();
      if (text.length() > CELL_MAX) {
        offences.add(file + ":" + line + ": a cell of " + text.length() + ": " + beginning(text));
      }
      sentences(line, text);
    }
  }

  private void sentences(int line, String block) {
    for (String sentence : END.split(withoutMarks(block))) {
      long words = WORD.matcher(sentence).results().count();
      if (words > WORDS_MAX) {
        offences.add(file + ":" + line + ": " + words + " words: " + beginning(sentence));
      }
    }
  }

  /** Code counts as one word, and a link as its text. */
  private static String withoutMarks(String text) {
    String linked = MARKDOWN_LINK.matcher(text).replaceAll("$1");
    return linked.replaceAll("`[^`]*`", "Code");
  }

  private static String beginning(String text) {
    String one = text.strip().replaceAll("\\s+", " ");
    return one.substring(0, Math.min(one.length(), BEGINNING));
  }
}
