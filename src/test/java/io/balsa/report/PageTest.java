package io.balsa.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PageTest {
  private record Data(String verdict) {}

  @Test
  void noTextEndsTheJsonBlock() {
    String text = "</script><!-- \u2028 ' \" \\ {{report.css}} $1 búsqueda";

    PageParts page = PageParts.of(Page.of("drill.html", new Data(text)));

    assertThat(page.data().get("verdict").getAsString()).isEqualTo(text);
  }

  @Test
  void aPageHoldsTheChartLibraryWithItsLicence() {
    assertThat(Page.of("drill.html", new Data("")))
        .contains("var uPlot=", ".uplot", "The MIT License")
        .doesNotContain("{{");
  }

  @Test
  void aPageThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> Page.of("none.html", new Data("")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no resource none.html");
  }
}
