package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.house.SharesCores;
import org.junit.jupiter.api.Test;

/**
 * Random histories under limits so small that most deletions are large ones: readers see what the
 * model says, and a store that deletes everything at once is the equal of one that sweeps.
 */
@SharesCores
class LargeDeletionsTest {
  private static final int SEEDS = 200;

  @Test
  void whatIsSweptLaterIsSeenAsIfItHadBeenDeletedAtOnce() {
    int large = 0;
    int met = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      try (LargeDeletions history =
          new LargeDeletions(new MemoryEngines(new MemoryMedium()), seed)) {
        assertThatCode(history::run).as("seed %d", seed).doesNotThrowAnyException();
        large += history.large();
        met += history.refused();
      }
    }
    assertThat(large).isGreaterThan(SEEDS);
    assertThat(met).isGreaterThan(SEEDS / 10);
  }
}
