package io.balsa.engine;

/**
 * Opens engines that hold everything in memory. Each keeps its flushed state on a {@link Medium},
 * as one byte string {@code <directory>/state}.
 */
public final class MemoryEngines implements Engines {
  private final Medium medium;

  /** On a medium. */
  public MemoryEngines(Medium medium) {
    this.medium = medium;
  }

  @Override
  public Engine open(String directory) {
    return MemoryEngine.open(medium, directory);
  }
}
