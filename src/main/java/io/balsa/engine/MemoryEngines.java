package io.balsa.engine;

/**
 * Opens engines that hold everything in memory and keep what was flushed on a {@link Medium}, in
 * one byte string {@code <directory>/state} each.
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
