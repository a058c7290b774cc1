package io.balsa.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** A table for a terminal: columns two blanks apart, those of numbers to the right. */
final class Table {
  private static final int GAP = 2;

  private final List<List<Text>> lines = new ArrayList<>();

  /** A table without rows. */
  Table(String... header) {
    row(header);
  }

  /** A cell that is shown as it is, although the table would take {@code @|...|@} for a style. */
  static Text cell(String text) {
    return Stream.of(text.split("(?<=@)(?=\\|)", -1))
        .map(Ansi.OFF::text)
        .reduce(Text::concat)
        .orElseThrow();
  }

  /** Adds a row of as many cells as the header has. */
  Table row(String... cells) {
    return row(Arrays.stream(cells).map(Table::cell).toList());
  }

  /** Adds a row of as many cells as the header has. */
  Table row(List<Text> cells) {
    lines.add(cells);
    return this;
  }

  /** The lines, without an end of line behind the last. */
  String text() {
    List<Place> places = IntStream.range(0, lines.getFirst().size()).mapToObj(this::place).toList();
    Column[] columns =
        IntStream.range(0, places.size())
            .mapToObj(i -> places.get(i).column(i == 0 ? 0 : GAP))
            .toArray(Column[]::new);
    // cells without a colour stay without one
    TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.ON), columns);
    lines.forEach(line -> add(line, places, table));
    return table.toString().stripTrailing();
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

  /** How a column is laid out. */
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
