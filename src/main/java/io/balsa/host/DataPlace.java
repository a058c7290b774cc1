package io.balsa.host;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a server keeps its data: in the directory that it was given, or in a sub-directory of that.
 * A volume of a container is open to others and may hold other files, so the server keeps its data
 * in a sub-directory with mode 0700 there.
 *
 * @param home the directory that holds the data; it exists
 * @param note a line for the operator when the home is not as expected; null otherwise
 * @param isNew whether the home is a sub-directory that was made here. When the given directory is
 *     the place of a volume that is not mounted, the data are elsewhere
 */
record DataPlace(Path home, @Nullable String note, boolean isNew) {
  /** The name of the sub-directory. */
  static final String OWN = "balsa";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  /** The files of a restored directory. */
  private static final List<String> RESTORED = List.of("origin", "restoring");

  /** The directories of a server, and the names of which each has one, unless it is empty. */
  private static final Map<String, Pattern> BEGUN =
      Map.of(
          "wal", Pattern.compile("[0-9a-f]{16}\\.wal|spare|urgent"),
          "state", Pattern.compile("current|current\\.next"));

  private static final Set<String> BESIDE =
      Set.of("lock", "low-space", "snapshots", "native", "fixtures");

  /** Finds the data of a server, or the place for them, and makes the directories. */
  static DataPlace in(Path asked) throws IOException {
    if (makeDurably(asked)) {
      return new DataPlace(asked, null, false);
    }
    if (!Files.isDirectory(asked)) {
      throw new DirectoryRefused("is not a directory: choose another");
    }
    List<String> names = names(asked);
    boolean begun = isBegun(asked);
    boolean ownBegun = Files.isDirectory(asked.resolve(OWN));
    refuseEtcd(asked, names, begun || ownBegun);
    if (begun && ownBegun) {
      throw new DirectoryRefused(
          "holds two sets of data, its own and those in '%s': move away what is not this server's"
              .formatted(OWN));
    }
    if (begun) {
      return new DataPlace(asked, tighten(asked), false);
    }
    String reason = reasonForOwn(asked, names);
    boolean all = reason == null && !ownBegun;
    return all ? new DataPlace(asked, null, false) : ownIn(asked, reason);
  }

  /** Whether there are data of a server, in the directory given or in the sub-directory. */
  static boolean holdsData(Path asked) throws IOException {
    return isBegun(asked) || isBegun(asked.resolve(OWN));
  }

  /** Other programs have directories of the same names, so their content counts. */
  private static boolean isBegun(Path directory) throws IOException {
    for (Map.Entry<String, Pattern> each : BEGUN.entrySet()) {
      Path part = directory.resolve(each.getKey());
      if (Files.isDirectory(part) && isOurs(names(part), each.getValue())) {
        return true;
      }
    }
    return RESTORED.stream().anyMatch(name -> Files.isRegularFile(directory.resolve(name)));
  }

  private static boolean isOurs(List<String> names, Pattern marker) {
    return names.isEmpty() || names.stream().anyMatch(marker.asMatchPredicate());
  }

  /** Whether the directory was missing and is made, for its owner alone. */
  private static boolean makeDurably(Path path) throws IOException {
    if (Files.exists(path)) {
      return false;
    }
    Files.createDirectories(path, FileDisk.ownerOnly(path, "rwx------"));
    Path parent = path.getParent();
    if (parent != null) {
      FileDisk.force(parent);
    }
    return true;
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }

  /** etcd keeps all in {@code member}, with the parts {@code snap} and {@code wal}. */
  private static void refuseEtcd(Path asked, List<String> names, boolean begun)
      throws DirectoryRefused {
    boolean holdsMember = !begun && Files.isDirectory(asked.resolve("member"));
    boolean isMember = names.contains("snap") && names.contains("wal");
    if (holdsMember || isMember) {
      throw new DirectoryRefused(
          "is etcd's (it holds '%s'), and Balsa does not read etcd's files: choose another, and copy"
                  .formatted(holdsMember ? "member" : "snap")
              + " the keys with 'etcdctl make-mirror' while both run");
    }
  }

  private static @Nullable String reasonForOwn(Path asked, List<String> names) throws IOException {
    if (isWide(asked)) {
      return "is open to others (" + modeOf(asked) + ")";
    }
    return names.stream()
        .filter(name -> !BESIDE.contains(name) && !name.equals(OWN))
        .findFirst()
        .map(other -> "holds other files ('" + other + "')")
        .orElse(null);
  }

  private static DataPlace ownIn(Path asked, @Nullable String reason) throws IOException {
    Path own = asked.resolve(OWN);
    boolean made = makeDurably(own);
    if (!Files.isDirectory(own, LinkOption.NOFOLLOW_LINKS)) {
      throw new DirectoryRefused(
          "holds '%s', where the data belong, but that is no directory: move it away"
              .formatted(OWN));
    }
    String wide = tighten(own);
    return new DataPlace(
        own,
        "the data are in %s%s%s"
            .formatted(
                own,
                wide == null ? ", with mode 0700" : "; " + wide,
                reason == null ? "" : "; %s %s".formatted(asked, reason)),
        made);
  }

  /**
   * Takes the permissions of all but the owner from a directory of this server. Kubernetes, for
   * one, gives them to a group whenever it mounts a volume with {@code fsGroup}.
   *
   * @return a line when there was something to take; null otherwise
   */
  private static @Nullable String tighten(Path path) throws IOException {
    if (!isWide(path)) {
      return null;
    }
    String before = modeOf(path);
    try {
      Files.setPosixFilePermissions(path, OWNER_ONLY);
    } catch (FileSystemException e) {
      throw refused(path, before, e);
    }
    return isWide(path)
        ? "%s is open to others (%s), and its file system keeps no modes: let nobody else reach it"
            .formatted(path, before)
        : "%s was open to others (%s), its mode is 0700 again".formatted(path, before);
  }

  private static DirectoryRefused refused(Path path, String mode, IOException cause)
      throws IOException {
    return new DirectoryRefused(
        "is open to others (%s) where the data are, and %s owns that: run chmod 700 %s, or start the server as that user"
            .formatted(mode, Files.getOwner(path).getName(), path),
        cause);
  }

  private static boolean isWide(Path path) throws IOException {
    return hasModes(path) && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path));
  }

  private static boolean hasModes(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static String modeOf(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
