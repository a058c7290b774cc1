package io.balsa.engine;

import java.nio.file.Path;

/** Opens engines on RocksDB, all below one data directory. */
public final class RocksEngines implements Engines {
  private final Path dataDirectory;

  /**
   * For a data directory.
   *
   * @param dataDirectory exists
   */
  public RocksEngines(Path dataDirectory) {
    this.dataDirectory = dataDirectory;
  }

  @Override
  public Engine open(String directory) {
    return RocksEngine.open(dataDirectory, directory);
  }
}
