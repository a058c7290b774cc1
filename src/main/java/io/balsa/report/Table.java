package io.balsa.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

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
   * follows the last line.
   */
  public String text() {
    List<Place> places = IntStream.range(0, lines.getFirst().size()).mapToObj(this::place).toList();
    Column[] columns =
        IntStream.range(0, places.size())
            .mapToObj(i -> places.get(i).column(i == 0 ? 0 : GAP))
            .toArray(Column[]::new);
    // cells without a colour stay without one
    TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.ON), columns);
    lines.forEach(line -> add(line, places, table));
    return table.toString().lines().collect(Collectors.joining("\n"));
  }

  private static void add(List<Text> line, List<Place> places, TextTable table) {
    int height = line.stream().mapToInt(cell -> cell.splitLines().length).max().orElse(0);
    for (int i = 0; i < height; i++) {
      int at = i;
      table.addRowValues(
          IntStream.range(0, line.size())
              .mapToObj(column -> places.get(column).aligned(part(line.get(column), at)))
              .toArray(Text[]::new));
    }
  }

  private static Text part(Text cell, int line) {
    Text[] parts = cell.splitLines();
    return line < parts.length ? parts[line] : cell("");
  }

  /**
   * Picocli pads by what a terminal shows, but cuts by chars: neither may be more than the width.
   */
  private static int width(Text cell) {
    return Math.max(cell.getCJKAdjustedLength(), cell.plainString().length());
  }

  private Place place(int column) {
    int width =
        lines.stream()
            .flatMap(line -> Arrays.stream(line.get(column).splitLines()))
            .mapToInt(Table::width)
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
   * @param width in characters
   */
  private record Place(int width, boolean numeric) {
    Column column(int gap) {
      return new Column(gap + width, gap, Overflow.TRUNCATE);
    }

    Text aligned(Text cell) {
      int room = width - cell.getCJKAdjustedLength();
      return numeric ? cell(" ".repeat(room)).concat(cell) : cell;
    }
  }
}
