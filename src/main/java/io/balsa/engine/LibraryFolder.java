package io.balsa.engine;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * A directory with native libraries, one of this user alone: what is in it runs in this process. A
 * library is in a sub-directory named by its content. A process that loads it notes the time, and
 * deletes those that none has loaded for a day.
 */
final class LibraryFolder {
  private static final Duration UNUSED = Duration.ofDays(1);
  private static final String PREFIX = "rocksdb-";
  private static final int COPY_BYTES = 1 << 16;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  /** The ids of a process on Linux; the second of this line is the user that its files get. */
  private static final Path PROCESS = Path.of("/proc/self/status");

  private static final Pattern USER_IDS = Pattern.compile("Uid:\\s+\\d+\\s+(\\d+)\\s.*");

  private final Path folder;
  private final boolean inHome;

  private LibraryFolder(Path folder, boolean inHome) {
    this.folder = folder;
    this.inHome = inHome;
  }

  /** A folder in a place that others can write: one that is open to others is refused. */
  static LibraryFolder shared(Path folder) {
    return new LibraryFolder(folder, false);
  }

  /**
   * A folder in a data directory with mode 0700. Kubernetes opens the whole volume to a group
   * whenever it mounts it with {@code fsGroup}: such a folder is closed again, and its libraries
   * are made anew.
   */
  static LibraryFolder inHome(Path folder) {
    return new LibraryFolder(folder, true);
  }

  /**
   * The user of this process: the numeric id, because a container may have no name for it; the name
   * on a system without ids in {@code /proc}.
   */
  static String user() {
    return userId().orElse(System.getProperty("user.name"));
  }

  private static Optional<String> userId() {
    try (Stream<String> lines = Files.lines(PROCESS)) {
      return lines
          .map(USER_IDS::matcher)
          .filter(Matcher::matches)
          .map(ids -> ids.group(1))
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  Path path() {
    return folder;
  }

  /**
   * The directory that holds a library; made unless it is there.
   *
   * @param library where its bytes come from
   * @param fileName the name of its file
   * @throws IOException when it cannot be made, or the folder is not this user's alone
   */
  Path with(URL library, String fileName) throws IOException {
    makePrivate();
    Content content = contentOf(library);
    Path directory = folder.resolve(PREFIX + content.name());
    Path file = directory.resolve(fileName);
    if (!Files.exists(file) || Files.size(file) != content.bytes()) {
      make(directory, file, library);
    }
    touch(directory);
    deleteUnused(directory);
    return directory.toAbsolutePath();
  }

  /**
   * The size and checksum of a library.
   *
   * @param bytes its length
   * @param crc its CRC-32
   */
  private record Content(long bytes, long crc) {
    String name() {
      return "%08x-%d".formatted(crc, bytes);
    }
  }

  /** From the jar's directory, when it is in a jar. */
  private static Content contentOf(URL library) throws IOException {
    URLConnection connection = library.openConnection();
    if (connection instanceof JarURLConnection inJar) {
      inJar.setUseCaches(false);
      try (JarFile jar = inJar.getJarFile()) {
        var entry = jar.getEntry(inJar.getEntryName());
        return new Content(entry.getSize(), entry.getCrc());
      }
    }
    CRC32 crc = new CRC32();
    long bytes = 0;
    byte[] piece = new byte[COPY_BYTES];
    try (InputStream in = connection.getInputStream()) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        crc.update(piece, 0, read);
        bytes += read;
      }
    }
    return new Content(bytes, crc.getValue());
  }

  private void makePrivate() throws IOException {
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    try {
      Files.createDirectory(folder, attributes);
    } catch (FileAlreadyExistsException _) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("it is not a directory");
      }
    }
    if (posix) {
      requirePrivate();
    }
  }

  private void requirePrivate() throws IOException {
    String owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
    String id = userId().isPresent() ? idOfOwner() : owner;
    if (!id.equals(user())) {
      throw new IOException("it belongs to " + owner);
    }
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
    if (!OWNER_ONLY.containsAll(permissions)) {
      closeToOthers(permissions);
    }
  }

  private String idOfOwner() throws IOException {
    return String.valueOf(Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS));
  }

  private void closeToOthers(Set<PosixFilePermission> permissions) throws IOException {
    if (!inHome) {
      throw new IOException("it is open to others, " + PosixFilePermissions.toString(permissions));
    }
    Files.setPosixFilePermissions(folder, OWNER_ONLY);
    for (Path each : children(folder)) {
      children(each).forEach(LibraryFolder::delete);
      delete(each);
    }
  }

  /** Whole under another name first, so that no process loads a part of it. */
  private static void make(Path directory, Path file, URL library) throws IOException {
    Files.createDirectories(directory);
    Path part = Files.createTempFile(directory, "part", "");
    try {
      try (InputStream in = library.openStream()) {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
      try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      move(part, file);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void move(Path part, Path file) throws IOException {
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException _) {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** On a disk that is read-only by now, what is there is used all the same. */
  private static void touch(Path directory) {
    try {
      Files.setLastModifiedTime(directory, FileTime.from(Instant.now()));
    } catch (IOException _) {
      return;
    }
  }

  private void deleteUnused(Path used) {
    Instant limit = Instant.now().minus(UNUSED);
    for (Path other : children(folder)) {
      if (other.getFileName().toString().startsWith(PREFIX)
          && !other.equals(used)
          && isOlder(other, limit)) {
        children(other).forEach(LibraryFolder::delete);
        delete(other);
      }
    }
    children(used).stream()
        .filter(child -> child.getFileName().toString().startsWith("part"))
        .filter(child -> isOlder(child, limit))
        .forEach(LibraryFolder::delete);
  }

  private static List<Path> children(Path directory) {
    try (Stream<Path> children = Files.list(directory)) {
      return children.toList();
    } catch (IOException _) {
      return List.of();
    }
  }

  private static boolean isOlder(Path path, Instant limit) {
    try {
      return Files.getLastModifiedTime(path).toInstant().isBefore(limit);
    } catch (IOException _) {
      return false;
    }
  }

  /** Another process may have been faster. */
  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException _) {
      return;
    }
  }
}
