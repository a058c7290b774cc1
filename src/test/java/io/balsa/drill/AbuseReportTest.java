package io.balsa.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AbuseReportTest {
  @Test
  void endingsOfOneCodeAreOneNumber() {
    Map<String, Long> endings =
        Map.of(
            "OK", 27L,
            "DEADLINE_EXCEEDED: after 1.94 s", 1L,
            "DEADLINE_EXCEEDED: after 1.97 s", 2L);

    assertThat(AbuseReport.sums(endings)).isEqualTo("3 DEADLINE_EXCEEDED, 27 OK");
  }
}
