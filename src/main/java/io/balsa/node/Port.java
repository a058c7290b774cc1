package io.balsa.node;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a part that is built after the parts that use it, where two parts need each other. The
 * assembly fills it once, before the server starts. From any thread.
 */
final class Port<T> {
  private final String name;
  private volatile @Nullable T part;

  /**
   * An empty port.
   *
   * @param name of the part, for the error text
   */
  Port(String name) {
    this.name = name;
  }

  /**
   * Connects the part.
   *
   * @throws IllegalStateException when there is one already
   */
  void fill(T built) {
    if (part != null) {
      throw new IllegalStateException(name + " is connected twice");
    }
    part = Objects.requireNonNull(built, name);
  }

  /**
   * The part.
   *
   * @throws IllegalStateException before it is connected
   */
  T get() {
    T connected = part;
    if (connected == null) {
      throw new IllegalStateException(name + " is used before it is connected");
    }
    return connected;
  }
}
