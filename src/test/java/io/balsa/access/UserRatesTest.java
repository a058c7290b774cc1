package io.balsa.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UserRatesTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND); // soon it overflows

  private int admitted(UserRates rates, Object user, int requests) {
    int admitted = 0;
    for (int i = 0; i < requests; i++) {
      admitted += rates.admits(user) ? 1 : 0;
    }
    return admitted;
  }

  @Test
  void aSecondsRequestsComeAtOnceThenTheyComeAtTheRate() {
    UserRates rates = new UserRates(10, 100, now::get);
    assertThat(admitted(rates, "a", 50)).isEqualTo(10);
    now.addAndGet(SECOND / 2);
    assertThat(admitted(rates, "a", 50)).isEqualTo(5);
    now.addAndGet(100 * SECOND);
    assertThat(admitted(rates, "a", 50)).as("no more than a second is saved").isEqualTo(10);
    assertThat(admitted(rates, "b", 50)).as("another user").isEqualTo(10);
  }

  @Test
  void aRefusedRequestCostsItsUserNothing() {
    UserRates rates = new UserRates(1, 100, now::get);
    assertThat(admitted(rates, "a", 1_000)).isEqualTo(1);
    now.addAndGet(SECOND);
    assertThat(admitted(rates, "a", 1)).isEqualTo(1);
  }

  @Test
  void whoWasStillForLongestIsForgotten() {
    UserRates rates = new UserRates(1, 3, now::get);
    for (int i = 0; i < 1_000; i++) {
      assertThat(rates.admits("stranger-" + i)).isTrue();
      rates.admits("regular");
    }
    assertThat(rates.remembered()).isEqualTo(3);
    assertThat(rates.admits("regular")).isFalse();
  }

  @Test
  void withoutARateNothingIsLimited() {
    assertThat(new UserRates(0, 3, now::get).areLimited()).isFalse();
    assertThat(new UserRates(UserRates.RATE_MAX, 3, now::get).areLimited()).isTrue();
  }
}
