package io.balsa.logging;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/**
 * A file that grows at its end; only its owner may read it. It begins anew when it is full, if it
 * is rotated here. A file that another program renames or deletes is made anew within a second.
 * When no new file can be made, the open one grows. Only regular files are rotated; behind a
 * symbolic link that is the file, not the link.
 */
final class FileOutput implements LogOutput {
  private static final long LOOK_NANOS = 1_000_000_000;

  /** After how long a rotation that failed is tried again. */
  private static final long RETRY_NANOS = 60_000_000_000L;

  private static final LogEvent GROWS =
      LogEvent.warn(
          "io.balsa.logging",
          "a new log file cannot be begun, the old one grows",
          "check the rights and the room of its folder");

  private final RareLine grows = new RareLine(GROWS);
  private final Path path;
  private final long bytesMax;
  private final @Nullable OldFiles oldFiles;
  private final LongSupplier clock;
  private OutputStream out;
  private long bytes;
  private @Nullable Object key;
  private long lookedAtNanos;
  private long rotateFromNanos;

  /**
   * Opens the file.
   *
   * @param rotation null for a file that is not rotated here
   */
  FileOutput(Path path, LogSettings.@Nullable Rotation rotation) throws IOException {
    this(path, rotation, System::nanoTime);
  }

  FileOutput(Path path, LogSettings.@Nullable Rotation rotation, LongSupplier clock)
      throws IOException {
    this.clock = clock;
    this.lookedAtNanos = clock.getAsLong();
    this.rotateFromNanos = lookedAtNanos;
    this.path = path;
    this.out = open();
    if (rotation != null && Files.isRegularFile(path)) {
      this.bytesMax = (long) rotation.maxSizeMegabytes() << 20;
      this.oldFiles = new OldFiles(file(), rotation);
    } else {
      this.bytesMax = Long.MAX_VALUE;
      this.oldFiles = null;
    }
    if (oldFiles != null) {
      oldFiles.tidy();
    }
  }

  /** The file that the path leads to. */
  private Path file() throws IOException {
    if (Files.isRegularFile(path)) {
      return path.toRealPath();
    }
    return Files.isSymbolicLink(path)
        ? path.resolveSibling(Files.readSymbolicLink(path)) // leads to no file yet
        : path;
  }

  private OutputStream open() throws IOException {
    if (!Files.exists(path)) {
      Files.createFile(
          file(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    OutputStream opened = new FileOutputStream(path.toFile(), true);
    BasicFileAttributes facts = Files.readAttributes(path, BasicFileAttributes.class);
    bytes = facts.size();
    key = facts.fileKey();
    return opened;
  }

  @Override
  public void write(Level level, byte[] line) throws IOException {
    beginAnewIfDue(line.length);
    out.write(line);
    bytes += line.length;
  }

  private void beginAnewIfDue(int more) {
    long now = clock.getAsLong();
    try {
      if (bytes > 0 && bytes + more > bytesMax && now - rotateFromNanos >= 0) {
        rotateFromNanos = now + RETRY_NANOS;
        rotate();
        rotateFromNanos = now;
      } else if (now - lookedAtNanos >= LOOK_NANOS) {
        lookedAtNanos = now;
        reopenIfReplaced();
      }
    } catch (IOException e) {
      logLater(e);
    }
  }

  /** On a thread of its own: this one holds an output, and the line goes to all of them. */
  private void logLater(IOException failure) {
    Thread.ofPlatform()
        .daemon()
        .name("log-trouble")
        .start(() -> grows.happened("file", path, "error", failure));
  }

  private void rotate() throws IOException {
    OldFiles old = Objects.requireNonNull(oldFiles, "only a file that is rotated has a bound");
    if (Files.exists(path)) {
      Files.move(file(), old.nameAt(Instant.now()), StandardCopyOption.REPLACE_EXISTING);
    }
    reopen();
    old.tidy();
  }

  private void reopenIfReplaced() throws IOException {
    boolean same =
        Files.exists(path)
            && Objects.equals(Files.readAttributes(path, BasicFileAttributes.class).fileKey(), key);
    if (!same) {
      reopen();
    }
  }

  private void reopen() throws IOException {
    OutputStream old = out;
    out = open();
    old.close();
  }

  @Override
  public String name() {
    return path.toString();
  }
}
