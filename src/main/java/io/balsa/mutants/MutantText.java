package io.balsa.mutants;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the file of a mutant: optional lines {@code name:} and {@code bug:}, then edits. An edit
 * has a line {@code file:}, the old text and the new text:
 *
 * <pre>
 * name: counts replicas of entries of earlier terms
 * bug: KB-16
 * file: src/main/java/io/balsa/raft/Leader.java
 * &lt;&lt;&lt; old
 * the text
 * === new
 * the other text
 * &gt;&gt;&gt;
 * </pre>
 *
 * A unified diff works too: each of its hunks is an edit.
 */
final class MutantText {
  private static final String OLD = "<<<";
  private static final String NEW = "===";
  private static final String END = ">>>";

  private final List<Edit> edits = new ArrayList<>();
  private final List<String> lines;
  private String name;
  private String bug = "";
  private String file = "";
  private int at;

  private MutantText(String name, String text) {
    this.name = name;
    this.lines = text.lines().toList();
  }

  static Mutant parse(String fallbackName, String text) throws BadMutant {
    MutantText parsed = new MutantText(fallbackName, text);
    while (parsed.at < parsed.lines.size()) {
      parsed.take(parsed.lines.get(parsed.at++));
    }
    if (parsed.edits.isEmpty()) {
      throw new BadMutant(fallbackName + " holds no edit: neither <<< old ... >>> nor a diff's @@");
    }
    return new Mutant(parsed.name, parsed.bug, List.copyOf(parsed.edits));
  }

  private void take(String line) throws BadMutant {
    if (line.startsWith("name:")) {
      name = value(line);
    } else if (line.startsWith("bug:")) {
      bug = value(line);
    } else if (line.startsWith("file:")) {
      file = value(line);
    } else if (line.startsWith("+++ ")) {
      file = line.substring(4).replaceFirst("\t.*", "").strip().replaceFirst("^b/", "");
    } else if (line.startsWith(OLD)) {
      add(until(NEW), until(END));
    } else if (line.startsWith("@@")) {
      takeHunk();
    }
  }

  private static String value(String line) {
    return line.substring(line.indexOf(':') + 1).strip();
  }

  private String until(String mark) throws BadMutant {
    StringBuilder text = new StringBuilder();
    while (at < lines.size()) {
      String line = lines.get(at++);
      if (line.startsWith(mark)) {
        return text.toString();
      }
      text.append(line).append('\n');
    }
    throw new BadMutant(name + " has an edit without its line " + mark);
  }

  private void takeHunk() throws BadMutant {
    StringBuilder before = new StringBuilder();
    StringBuilder after = new StringBuilder();
    while (at < lines.size() && isOfHunk(lines.get(at))) {
      String line = lines.get(at++);
      String content = (line.isEmpty() ? line : line.substring(1)) + '\n';
      char kind = line.isEmpty() ? ' ' : line.charAt(0);
      if (kind != '+' && kind != '\\') {
        before.append(content);
      }
      if (kind != '-' && kind != '\\') {
        after.append(content);
      }
    }
    add(before.toString(), after.toString());
  }

  private boolean isOfHunk(String line) {
    boolean nextFile =
        line.startsWith("--- ") && at + 1 < lines.size() && lines.get(at + 1).startsWith("+++ ");
    return !nextFile && (line.isEmpty() || " +-\\".indexOf(line.charAt(0)) >= 0);
  }

  private void add(String before, String after) throws BadMutant {
    if (file.isEmpty()) {
      throw new BadMutant(name + " has an edit before it names a file");
    }
    edits.add(new Edit(file, before, after));
  }
}
