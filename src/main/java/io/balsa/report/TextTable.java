package io.balsa.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table of texts, for a terminal. */
public final class TextTable {
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table without rows. */
  public TextTable(String... header) {
    this.header = List.of(header);
  }

  /** Adds a row of as many cells as the header has. */
  public TextTable row(String... cells) {
    return row(List.of(cells));
  }

  /** Adds a row of as many cells as the header has. */
  public TextTable row(List<String> cells) {
    if (cells.size() != header.size()) {
      throw new IllegalArgumentException("a row has as many cells as the header");
    }
    rows.add(cells);
    return this;
  }

  /** For a terminal: two blanks between columns, numbers aligned to the right. */
  public String plain() {
    List<List<String>> all = new ArrayList<>(List.of(header));
    all.addAll(rows);
    List<Column> columns = IntStream.range(0, header.size()).mapToObj(this::column).toList();
    return all.stream().map(cells -> plainLine(cells, columns)).collect(Collectors.joining("\n"));
  }

  /**
   * How a column is laid out.
   *
   * @param width in characters
   */
  private record Column(int width, boolean numeric) {
    String aligned(String cell) {
      String padding = " ".repeat(width - length(cell));
      return numeric ? padding + cell : cell + padding;
    }
  }

  private Column column(int column) {
    int width =
        Math.max(
            length(header.get(column)),
            rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0));
    return new Column(width, isNumeric(column));
  }

  private static String plainLine(List<String> cells, List<Column> columns) {
    return IntStream.range(0, cells.size())
        .mapToObj(column -> columns.get(column).aligned(cells.get(column)))
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }

  /** The number of characters that show: escapes that set a colour do not count. */
  private static int length(String cell) {
    return cell.replaceAll("\u001b\\[[0-9;]*m", "").length();
  }

  private boolean isNumeric(int column) {
    return !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column).matches("[-0-9].*|"));
  }
}
