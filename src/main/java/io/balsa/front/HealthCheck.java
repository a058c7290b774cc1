package io.balsa.front;

import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A condition of a healthy server. */
@FunctionalInterface
public interface HealthCheck {
  /**
   * Calls {@code done} once, now or later, on any thread, with the reason why the check fails, or
   * with an empty text.
   */
  void run(Consumer<String> done);

  /**
   * The same check, which fails if it does not answer within the limit, because probes do not wait
   * long.
   */
  default HealthCheck within(Duration limit) {
    return done -> {
      AtomicBoolean answered = new AtomicBoolean();
      Consumer<String> once =
          reason -> {
            if (!answered.getAndSet(true)) {
              done.accept(reason);
            }
          };
      String late = "no answer within " + limit.toMillis() + " ms";
      Future<?> timer =
          GlobalEventExecutor.INSTANCE.schedule(
              () -> once.accept(late), limit.toMillis(), TimeUnit.MILLISECONDS);
      run(
          reason -> {
            timer.cancel(false);
            once.accept(reason);
          });
    };
  }
}
