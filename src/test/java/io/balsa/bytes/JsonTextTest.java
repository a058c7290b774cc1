package io.balsa.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTextTest {
  @Test
  void quotesAndBackslashesAreEscaped() {
    assertThat(JsonText.quoted("say \"a\\b\"")).isEqualTo("\"say \\\"a\\\\b\\\"\"");
  }

  @Test
  void whatDoesNotPrintIsTold() {
    assertThat(JsonText.quoted("one\ntwo\u0001")).isEqualTo("\"one\\u000atwo\\u0001\"");
  }

  @Test
  void allElseStaysAsItIs() {
    assertThat(JsonText.quoted("búsqueda 検索 /")).isEqualTo("\"búsqueda 検索 /\"");
  }
}
