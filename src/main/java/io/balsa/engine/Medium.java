package io.balsa.engine;

import io.balsa.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** The flushed state of the memory engine: named byte strings, each replaced as a whole. */
public interface Medium {
  /**
   * Gives a name its content. When this returns, the content is durable. An earlier crash leaves
   * the old content or the new one, never a mixture.
   *
   * @param path relative, with {@code /} between names
   */
  void put(String path, Bytes content);

  /** The content of a name, or null when it has none. */
  @Nullable Bytes get(String path);
}
