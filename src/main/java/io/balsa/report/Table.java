package io.balsa.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;

/** A table for a terminal or in Markdown. */
public final class Table {
  private static final int GAP = 2;

  /** The header and the rows. */
  private final List<List<Text>> lines = new ArrayList<>();

  /** A table without rows. */
  public Table(String... header) {
    row(header);
  }

  /** A cell that is shown as it is, although picocli would take {@code @|...|@} for a style. */
  public static Text cell(String text) {
    return Stream.of(text.split("(?<=@)(?=\\|)", -1))
        .map(Ansi.OFF::text)
        .reduce(Text::concat)
        .orElseThrow();
  }

  /** Adds a row with as many cells as the header. */
  public Table row(String... cells) {
    return row(Arrays.stream(cells).map(Table::cell).toList());
  }

  /** Adds a row with as many cells as the header; a cell may have a colour. */
  public Table row(List<Text> cells) {
    if (!lines.isEmpty() && cells.size() != lines.getFirst().size()) {
      throw new IllegalArgumentException("a row has as many cells as the header");
    }
    lines.add(cells);
    return this;
  }

  public List<String> header() {
    return plain(lines.getFirst());
  }

  public List<List<String>> rows() {
    return lines.stream().skip(1).map(Table::plain).toList();
  }

  private static List<String> plain(List<Text> line) {
    return line.stream().map(Text::plainString).toList();
  }

  /** The table in Markdown. */
  public String markdown() {
    List<String> dashes = header().stream().map(_ -> "---").toList();
    return Stream.concat(Stream.of(header(), dashes), rows().stream())
        .map(cells -> "| " + String.join(" | ", cells) + " |\n")
        .collect(Collectors.joining());
  }

  /**
   * The table for a terminal: two blanks between columns, numbers aligned to the right. No line end
   * follows the last line. The work is linear in the size of the table.
   */
  public String text() {
    List<Place> places = IntStream.range(0, lines.getFirst().size()).mapToObj(this::place).toList();
    List<String> text = new ArrayList<>();
    lines.forEach(line -> add(line, places, text));
    return String.join("\n", text);
  }

  /** A cell with ends of lines takes several lines. */
  private static void add(List<Text> line, List<Place> places, List<String> text) {
    List<Text[]> cells = line.stream().map(Text::splitLines).toList();
    int height = cells.stream().mapToInt(cell -> cell.length).max().orElse(0);
    for (int i = 0; i < height; i++) {
      StringBuilder row = new StringBuilder();
      for (int column = 0; column < places.size(); column++) {
        Text[] parts = cells.get(column);
        places.get(column).append(row, i < parts.length ? parts[i] : cell(""));
        row.append(" ".repeat(GAP));
      }
      text.add(row.toString().stripTrailing());
    }
  }

  private Place place(int column) {
    int width =
        lines.stream()
            .flatMap(line -> Arrays.stream(line.get(column).splitLines()))
            .mapToInt(Text::getCJKAdjustedLength)
            .max()
            .orElse(0);
    boolean numeric =
        lines.size() > 1
            && lines.stream()
                .skip(1)
                .allMatch(line -> line.get(column).plainString().matches("[-0-9].*|"));
    return new Place(width, numeric);
  }

  /**
   * How a column is laid out.
   *
   * @param width in characters of a terminal
   */
  private record Place(int width, boolean numeric) {
    void append(StringBuilder row, Text cell) {
      String room = " ".repeat(Math.max(0, width - cell.getCJKAdjustedLength()));
      row.append(numeric ? room : "").append(cell).append(numeric ? "" : room);
    }
  }
}
