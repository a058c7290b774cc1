package io.balsa.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;

/** A table for a terminal or in Markdown. */
public final class Table {
  private static final int GAP = 2;
  private static final String NO_STYLE = "@||@";
  private static final ColorScheme PLAIN = Help.defaultColorScheme(Ansi.OFF);
  private static final Part NOTHING = new Part("", 0);
  private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");

  /** The header and the rows. */
  private final List<List<Text>> lines = new ArrayList<>();

  /** A table without rows. */
  public Table(String... header) {
    row(header);
  }

  /** A cell that is shown as it is, although picocli would take {@code @|...|@} for a style. */
  public static Text cell(String text) {
    // picocli shows all of a text as it is whose first style has no name
    Text cell = Ansi.OFF.new Text(-1, PLAIN);
    Ansi.OFF.new Text(NO_STYLE + text, PLAIN)
        .getStyledChars(NO_STYLE.length(), text.length(), cell, 0);
    return cell;
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
    List<List<List<Part>>> rows =
        lines.stream().map(line -> line.stream().map(Table::parts).toList()).toList();
    List<Place> places =
        IntStream.range(0, lines.getFirst().size()).mapToObj(n -> place(n, rows)).toList();
    List<String> text = new ArrayList<>();
    rows.forEach(row -> add(row, places, text));
    return String.join("\n", text);
  }

  /** The lines of a cell. Picocli copies the whole text for each of its lines. */
  private static List<Part> parts(Text cell) {
    String plain = cell.plainString();
    Stream<Text> parts =
        cell.toString().equals(plain)
            ? Arrays.stream(LINE_END.split(plain, -1)).map(Table::cell)
            : Arrays.stream(cell.splitLines());
    return parts.map(part -> new Part(part.toString(), part.getCJKAdjustedLength())).toList();
  }

  /** A cell with ends of lines takes several lines. */
  private static void add(List<List<Part>> cells, List<Place> places, List<String> text) {
    int height = cells.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < height; i++) {
      StringBuilder row = new StringBuilder();
      for (int column = 0; column < places.size(); column++) {
        List<Part> parts = cells.get(column);
        places.get(column).append(row, i < parts.size() ? parts.get(i) : NOTHING);
        row.append(" ".repeat(GAP));
      }
      text.add(row.toString().stripTrailing());
    }
  }

  private Place place(int column, List<List<List<Part>>> rows) {
    int width =
        rows.stream()
            .flatMap(row -> row.get(column).stream())
            .mapToInt(Part::width)
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
   * One line of a cell.
   *
   * @param width in characters of a terminal
   */
  private record Part(String text, int width) {}

  /**
   * How a column is laid out.
   *
   * @param width in characters of a terminal
   */
  private record Place(int width, boolean numeric) {
    void append(StringBuilder row, Part part) {
      String room = " ".repeat(Math.max(0, width - part.width()));
      row.append(numeric ? room : "").append(part.text()).append(numeric ? "" : room);
    }
  }
}
