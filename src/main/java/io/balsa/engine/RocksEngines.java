package io.balsa.engine;

import java.nio.file.Path;

/** Opens engines on RocksDB, all below one data directory. */
public final class RocksEngines implements Engines {
  /** How many files a store keeps open if it may: all files of a store of 16 GiB. */
  public static final int OPEN_FILES = 512;

  private final Path dataDirectory;
  private final int openFilesMax;

  /**
   * For a data directory.
   *
   * @param dataDirectory exists
   */
  public RocksEngines(Path dataDirectory) {
    this(dataDirectory, OPEN_FILES);
  }

  /**
   * For a data directory.
   *
   * @param dataDirectory exists
   * @param openFilesMax how many files each store may keep open, at least 20; with fewer than it
   *     has, it opens files again and again
   */
  public RocksEngines(Path dataDirectory, int openFilesMax) {
    this.dataDirectory = dataDirectory;
    this.openFilesMax = openFilesMax;
  }

  /**
   * Loads RocksDB's library, which {@link #open} does otherwise.
   *
   * @throws EngineFailure with one line, when no directory can hold it
   */
  public void load() {
    RocksLibrary.load(dataDirectory);
  }

  @Override
  public Engine open(String directory) {
    return RocksEngine.open(dataDirectory, directory, openFilesMax);
  }
}
