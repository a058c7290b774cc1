package io.balsa.engine;

/** Opens engines, all of one kind. */
public interface Engines {
  /**
   * Opens the state in a directory, or an empty one when there is none.
   *
   * @param directory a path relative to the server's data directory
   * @throws EngineFailure when the files there cannot be read
   */
  Engine open(String directory);
}
