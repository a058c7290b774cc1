package io.balsa.host;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server's data directory, held by this process alone until it is closed or the process ends. It
 * holds the values of all keys, so only the owner may read it.
 */
public final class DataDirectory implements Closeable {
  private static final String LOCK = "lock";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final Path path;
  private final FileChannel lock;

  private DataDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes the directory when it is missing, mode 0700, and locks it.
   *
   * @throws DirectoryRefused when it is open to others, not writable or in use
   */
  public static DataDirectory open(Path path) throws DirectoryRefused {
    try {
      makeDurably(path.toAbsolutePath());
      refuseWiderModes(path);
      return new DataDirectory(path, locked(path));
    } catch (DirectoryRefused e) {
      throw e;
    } catch (IOException e) {
      throw new DirectoryRefused(
          "data directory %s cannot be written (%s): give it to the user that runs the server, or choose another"
              .formatted(path, DiskTrouble.words(e)),
          e);
    }
  }

  /** The directory as a disk. */
  public Disk disk() {
    return new FileDisk(path);
  }

  /** Unlocks the directory for the next process. */
  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static void makeDurably(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return;
    }
    Path parent = path.getParent();
    Files.createDirectories(path, FileDisk.ownerOnly(path, "rwx------"));
    if (parent != null) {
      FileDisk.force(parent);
    }
  }

  private static void refuseWiderModes(Path path) throws IOException {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    if (!OWNER_ONLY.containsAll(permissions)) {
      throw new DirectoryRefused(
          "data directory %s is open to others (%s): run chmod 700 %s"
              .formatted(path, PosixFilePermissions.toString(permissions), path));
    }
  }

  private static FileChannel locked(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK),
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
            FileDisk.ownerOnly(path, "rw-------"));
    if (tryLock(channel) == null) {
      channel.close();
      throw new DirectoryRefused(
          "data directory %s is in use by another process: stop that one first, or choose another"
              .formatted(path));
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
