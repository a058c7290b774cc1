package io.balsa.logging;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * The earlier files of a log, named as etcd names them: {@code etcd-2026-11-30T04-45-53.123.log},
 * with {@code .gz} behind it when compressed.
 */
final class OldFiles {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS", Locale.ROOT);

  private static final String STAMP_PATTERN = "\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}";
  private static final String COMPRESSED = ".gz";
  private static final LogEvent TROUBLE =
      LogEvent.warn(
          "io.balsa.logging",
          "old log files cannot be tidied",
          "check the rights and the room of their folder");

  private final Path folder;
  private final String stem;
  private final String extension;
  private final Pattern pattern;
  private final LogSettings.Rotation rotation;
  private final ZoneId zone;
  private final RareLine trouble = new RareLine(TROUBLE);

  OldFiles(Path file, LogSettings.Rotation rotation) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    this.folder = file.toAbsolutePath().resolveSibling("");
    this.stem = dot > 0 ? name.substring(0, dot) : name;
    this.extension = dot > 0 ? name.substring(dot) : "";
    this.rotation = rotation;
    this.zone = rotation.localTime() ? ZoneId.systemDefault() : ZoneOffset.UTC;
    this.pattern =
        Pattern.compile(
            Pattern.quote(stem + "-")
                + STAMP_PATTERN
                + Pattern.quote(extension)
                + "("
                + Pattern.quote(COMPRESSED)
                + ")?");
  }

  /** The name for a file that ends now. */
  Path nameAt(Instant now) {
    return folder.resolve(stem + "-" + STAMP.format(now.atZone(zone)) + extension);
  }

  /** Deletes and compresses old files as asked, on a thread of its own. A failure is logged. */
  void tidy() {
    if (rotation.maxBackups() > 0 || rotation.maxAgeDays() > 0 || rotation.compress()) {
      Thread.ofPlatform().daemon().name("old-logs").start(this::tidyNow);
    }
  }

  synchronized void tidyNow() {
    List<Path> newestFirst = all();
    for (int i = 0; i < newestFirst.size(); i++) {
      deleteIfDue(i, newestFirst.get(i));
    }
    if (rotation.compress()) {
      all().forEach(this::compressOnce); // needs room, which the deletions may have made
    }
  }

  private void deleteIfDue(int place, Path old) {
    try {
      if (isTooMany(place) || isTooOld(old)) {
        Files.deleteIfExists(old);
      }
    } catch (IOException e) {
      trouble.happened("error", e);
    }
  }

  private void compressOnce(Path old) {
    if (old.toString().endsWith(COMPRESSED)) {
      return;
    }
    try {
      compress(old);
    } catch (IOException e) {
      trouble.happened("error", e);
    }
  }

  private List<Path> all() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> pattern.matcher(String.valueOf(file.getFileName())).matches())
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      trouble.happened("error", e);
      return List.of();
    }
  }

  private boolean isTooMany(int place) {
    return rotation.maxBackups() > 0 && place >= rotation.maxBackups();
  }

  private boolean isTooOld(Path old) throws IOException {
    Instant oldest = Instant.now().minus(Duration.ofDays(rotation.maxAgeDays()));
    return rotation.maxAgeDays() > 0 && Files.getLastModifiedTime(old).toInstant().isBefore(oldest);
  }

  private static void compress(Path old) throws IOException {
    Path whole = Path.of(old + COMPRESSED);
    Path part = Path.of(old + COMPRESSED + ".part");
    Files.deleteIfExists(part);
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (InputStream from = Files.newInputStream(old);
          OutputStream to =
              new GZIPOutputStream(Files.newOutputStream(part, StandardOpenOption.WRITE))) {
        from.transferTo(to);
      }
      Files.setLastModifiedTime(part, Files.getLastModifiedTime(old));
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
    Files.delete(old);
  }
}
