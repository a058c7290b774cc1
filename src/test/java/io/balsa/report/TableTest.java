package io.balsa.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine.Help.Ansi;

class TableTest {
  private static final Table TABLE =
      new Table("#", "scenario", "gap", "failed", "note")
          .row("2", "leader <killed>", "90 ms (max 200 ms)", "0 of 12", "")
          .row("10", "@|bold all|@ killed", "-", "11 of 1200", "")
          .row("3", "paused", "7 ms", "", "");

  @Test
  void columnsAreTwoBlanksApartAndNumbersToTheRight() {
    assertThat(TABLE.text().lines())
        .containsExactly(
            " #  scenario                            gap      failed  note",
            " 2  leader <killed>      90 ms (max 200 ms)     0 of 12",
            "10  @|bold all|@ killed                   -  11 of 1200",
            " 3  paused                             7 ms");
  }

  @Test
  void markdownHasALineOfDashes() {
    assertThat(new Table("a", "b").row("1", "two").markdown())
        .isEqualTo("| a | b |\n| --- | --- |\n| 1 | two |\n");
  }

  @Test
  void headerAndRowsAreTexts() {
    assertThat(TABLE.header()).containsExactly("#", "scenario", "gap", "failed", "note");
    assertThat(TABLE.rows()).hasSize(3).contains(List.of("3", "paused", "7 ms", "", ""));
  }

  @Test
  void aRowOfAnotherLengthIsRefused() {
    assertThatThrownBy(() -> new Table("a", "b").row("1"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTableMayHaveNoRows() {
    assertThat(new Table("key", "value").text()).isEqualTo("key  value");
  }

  @Test
  void coloursTakeNoRoom() {
    String text =
        new Table("role", "n")
            .row(List.of(Ansi.ON.text("@|green leader|@"), Table.cell("1")))
            .text();

    assertThat(text).contains("\u001b[32m");
    assertThat(text.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo("role    n\nleader  1");
  }

  @Test
  void aCellMayHaveLines() {
    assertThat(new Table("key", "value", "n").row("a", "one\ntwo", "1").row("b", "", "2").text())
        .isEqualTo(
            """
            key  value  n
            a    one    1
                 two
            b           2\
            """);
  }

  /** Such a character is two chars, and may be shown as wide as one letter or two. */
  @Test
  void aCellIsNeverCut() {
    String faces = "\uD83D\uDE00".repeat(8);
    assertThat(new Table("key", "value").row(faces, "1").row("plain", "2").text()).contains(faces);
  }

  /** A value of etcd can have 1.5 MB; copying it for each style or line would take minutes. */
  @Test
  @Timeout(20)
  void aLongCellTakesLinearTime() {
    String styles = "@|".repeat(500_000);
    assertThat(new Table("value").row(styles).text()).isEqualTo("value\n" + styles);
    String lines = "a\r\n".repeat(300_000) + "b";
    assertThat(new Table("value").row(lines).text()).isEqualTo("value\n" + lines.replace("\r", ""));
  }

  /** A table of all keys; work for each pair of rows would take minutes. */
  @Test
  @Timeout(10)
  void manyRowsTakeLinearTime() {
    int rows = 20_000;
    Table table = new Table("key", "value");
    for (int row = 0; row < rows; row++) {
      table.row("users/" + row, "v");
    }
    assertThat(table.text().lines()).hasSize(1 + rows).contains("users/0      v", "users/19999  v");
    assertThat(table.markdown().lines()).hasSize(2 + rows);
  }

  @Test
  void aCellIsShownAsItIs() {
    for (String text : List.of("a@|b", "@|", "|@", "@||@", "@|red x|@@|red y|@", "a|@b@|c d|@")) {
      assertThat(Table.cell(text).plainString()).isEqualTo(text);
      assertThat(new Table("v").row(text).text()).isEqualTo("v\n" + text);
    }
  }
}
