package io.balsa.host;

import io.balsa.logging.LogEvent;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server's data directory, held by this process alone until it is closed or the process ends. It
 * holds the values of all keys, so only the owner may read it.
 */
public final class DataDirectory implements Closeable {
  private static final LogEvent PLACE =
      LogEvent.info("io.balsa.host", "the data lies in a directory of the server's own");

  private static final LogEvent NEW_PLACE =
      LogEvent.warn(
          "io.balsa.host",
          "a new directory for the data is made in the one given",
          "nothing at the first start of this server; later, stop it and mount the volume of its"
              + " data");

  private static final String LOCK = "lock";

  private final Path home;
  private final FileChannel lock;

  private DataDirectory(Path home, FileChannel lock) {
    this.home = home;
    this.lock = lock;
  }

  /**
   * Finds or makes the place of the data in a directory, and locks it. A missing directory is made,
   * mode 0700. In a directory that is open to others or holds other files, the place is a
   * sub-directory; a line of the log says so.
   *
   * @throws DirectoryRefused when it is another program's, not writable or in use
   */
  public static DataDirectory open(Path path) throws DirectoryRefused {
    try {
      DataPlace place = DataPlace.in(path.toAbsolutePath());
      FileChannel lock = locked(place.home());
      if (place.note() != null) {
        (place.isNew() ? NEW_PLACE : PLACE).log("directory", place.home(), "reason", place.note());
      }
      return new DataDirectory(place.home(), lock);
    } catch (DirectoryRefused e) {
      throw e.of(path);
    } catch (IOException e) {
      throw new DirectoryRefused(
              "cannot be written (%s): %s".formatted(DiskTrouble.words(e), remedy(e)), e)
          .of(path);
    }
  }

  /**
   * Whether a directory holds the data of a server, where {@link #open} would find them. Makes
   * nothing.
   *
   * @throws DirectoryRefused when it cannot be read
   */
  public static boolean holdsData(Path path) throws DirectoryRefused {
    try {
      return DataPlace.holdsData(path.toAbsolutePath());
    } catch (IOException e) {
      throw new DirectoryRefused(
              "cannot be read (%s): give it to the user that runs the server, or choose another"
                  .formatted(DiskTrouble.words(e)),
              e)
          .of(path);
    }
  }

  /** The directory that holds the data; absolute. */
  public Path path() {
    return home;
  }

  /** The directory as a disk. */
  public Disk disk() {
    return new FileDisk(home);
  }

  /** Unlocks the directory for the next process. */
  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static String remedy(IOException failure) {
    String words = String.valueOf(failure.getMessage());
    if (words.contains("Read-only")) {
      return "mount its disk for writing, or choose another";
    }
    return words.contains("No space")
        ? "free space on its disk, or choose another"
        : "give it to the user that runs the server, or choose another";
  }

  private static FileChannel locked(Path home) throws IOException {
    FileChannel channel =
        FileChannel.open(
            home.resolve(LOCK),
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
            FileDisk.ownerOnly(home, "rw-------"));
    if (tryLock(channel) == null) {
      channel.close();
      throw new DirectoryRefused(
          "is in use by another process: stop that one first, or choose another");
    }
    return channel;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // held by this very process
    }
  }
}
