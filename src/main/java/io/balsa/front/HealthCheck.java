package io.balsa.front;

import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Something that must hold for a server to be well. */
@FunctionalInterface
public interface HealthCheck {
  /**
   * Calls {@code done} once, now or later, on any thread, with why it does not hold; with an empty
   * text when it does.
   */
  void run(Consumer<String> done);

  /** The same check, which fails when it has not answered in time: probes do not wait for long. */
  default HealthCheck within(Duration limit) {
    return done -> {
      AtomicBoolean told = new AtomicBoolean();
      Consumer<String> once =
          reason -> {
            if (!told.getAndSet(true)) {
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
