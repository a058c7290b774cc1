package io.balsa.logging;

import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.Level;

/**
 * A file of lines for programs beside the log. Only its owner may read it. A full file is renamed,
 * with the time in its name, and a new one begins. One thread writes.
 */
public final class RotatedFile {
  private final FileOutput out;

  private RotatedFile(FileOutput out) {
    this.out = out;
  }

  /**
   * Opens a file, or makes it.
   *
   * @param megabytesMax the size at which a new file begins
   * @param keptMax how many full files are kept; 0 for all
   */
  public static RotatedFile open(Path path, int megabytesMax, int keptMax) throws IOException {
    var rotation = new LogSettings.Rotation(megabytesMax, 0, keptMax, false, false);
    return new RotatedFile(new FileOutput(path, rotation));
  }

  /** Writes whole lines at once. */
  public void write(byte[] lines) throws IOException {
    out.write(Level.INFO, lines);
  }
}
