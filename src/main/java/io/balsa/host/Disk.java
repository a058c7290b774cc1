package io.balsa.host;

import io.balsa.bytes.Bytes;
import java.io.IOException;
import java.util.List;

/**
 * A server's directory and all below it. Paths are relative, with {@code /} between names.
 *
 * <ol>
 *   <li>What is written to a file is durable only after {@link DiskFile#force}; before, a crash may
 *       keep any part of it.
 *   <li>A created, renamed or deleted name is durable only after {@link #forceDirectory} of the
 *       directory it stands in.
 *   <li>A rename replaces its target atomically.
 * </ol>
 */
public interface Disk {
  /** The names in a directory, ascending; empty when there is no such directory. */
  List<String> list(String directory) throws IOException;

  /** Whether a file or directory of that path exists. */
  boolean exists(String path);

  /** Makes a directory and those above it, if missing; readable by the owner alone. */
  void createDirectory(String directory) throws IOException;

  /** Makes an empty file, readable by the owner alone; fails when it exists. */
  DiskFile create(String path) throws IOException;

  /** Opens a file that exists, for reading and writing. */
  DiskFile open(String path) throws IOException;

  /** All bytes of a file that exists, which is not written meanwhile. */
  default Bytes readWhole(String path) throws IOException {
    try (DiskFile file = open(path)) {
      return file.readExactly(0, Math.toIntExact(file.size()));
    }
  }

  /** Gives a file or directory another name, in the place of a file that had it. */
  void rename(String from, String to) throws IOException;

  /** Deletes a file, or a directory with all below it; nothing happens when it is missing. */
  void delete(String path) throws IOException;

  /** Makes the names in a directory durable. */
  void forceDirectory(String directory) throws IOException;

  /** The bytes still free to this process. */
  long freeBytes() throws IOException;

  /** The bytes that the disk has, free or not. */
  long totalBytes() throws IOException;
}
