package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlowWorkTest {
  @Test
  void forEverIsALimitToo() {
    SlowWork slow = new SlowWork(Duration.ofSeconds(Long.MAX_VALUE));
    assertThatCode(() -> slow.applied(1, 1_000)).doesNotThrowAnyException();
  }
}
