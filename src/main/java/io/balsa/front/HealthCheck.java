package io.balsa.front;

import java.util.function.Consumer;

/** Something that must hold for a server to be well. */
@FunctionalInterface
public interface HealthCheck {
  /**
   * Calls {@code done} once, now or later, on any thread, with why it does not hold; with an empty
   * text when it does.
   */
  void run(Consumer<String> done);
}
