package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void numbersStandToTheRight() {
    assertThat(new Table("name", "count").row("a", "7").row("long name", "12").text())
        .isEqualTo(
            """
            name       count
            a              7
            long name     12\
            """);
  }

  @Test
  void aTableMayHaveNoRows() {
    assertThat(new Table("key", "value").text()).isEqualTo("key  value");
  }

  @Test
  void whatLooksLikeAStyleIsShownAsItIs() {
    assertThat(new Table("key", "value").row("@|red a|@", "@@||@").text())
        .isEqualTo(
            """
            key        value
            @|red a|@  @@||@\
            """);
  }

  @Test
  void coloursTakeNoRoom() {
    String text =
        new Table("role", "n")
            .row(List.of(new Colours(true).good("leader"), Table.cell("1")))
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
}
