package io.balsa.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RareLineTest {
  private static final LogEvent BAD =
      LogEvent.warn("io.balsa.test.rare", "bad bytes came", "find the client");

  private final LogWatch log = new LogWatch("io.balsa.test.rare");
  private final Deque<Runnable> minutes = new ArrayDeque<>();
  private final RareLine line = new RareLine(BAD, minutes::add);

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void aFloodIsToldAtOnceAndThenOnceAMinute() {
    for (int i = 0; i < 1_000; i++) {
      line.happened("last", i);
    }
    assertThat(log.lines()).containsExactly("WARNING bad bytes came; find the client last=0");

    minutes.remove().run();
    assertThat(log.lines())
        .hasSize(2)
        .last()
        .isEqualTo("WARNING bad bytes came; find the client last=999 more-in-last-minute=999");

    minutes.remove().run();
    assertThat(log.lines()).hasSize(2);
    assertThat(minutes).isEmpty();
    assertThat(line.total()).isEqualTo(1_000);

    line.happened("last", "again");
    assertThat(log.lines()).hasSize(3);
  }

  @Test
  void aFailureHasItsStackTraceOnce() {
    IllegalStateException failure = new IllegalStateException("boom");
    line.failed(failure, "lane", "reads");
    line.failed(failure, "lane", "reads");
    minutes.remove().run();

    assertThat(log.lines())
        .containsExactly(
            "WARNING bad bytes came; find the client lane=reads",
            "WARNING bad bytes came; find the client lane=reads"
                + " error=\"java.lang.IllegalStateException: boom\" more-in-last-minute=1");
  }
}
