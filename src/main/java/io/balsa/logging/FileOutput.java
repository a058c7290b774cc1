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
 */
final class FileOutput implements LogOutput {
  private static final long LOOK_NANOS = 1_000_000_000;

  private final Path path;
  private final long bytesMax;
  private final @Nullable OldFiles oldFiles;
  private final LongSupplier clock;
  private OutputStream out;
  private long bytes;
  private @Nullable Object key;
  private long lookedAtNanos;

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
    this.path = path;
    this.bytesMax = rotation == null ? Long.MAX_VALUE : (long) rotation.maxSizeMegabytes() << 20;
    this.oldFiles = rotation == null ? null : new OldFiles(path, rotation);
    this.out = open();
    if (oldFiles != null) {
      oldFiles.tidy();
    }
  }

  private OutputStream open() throws IOException {
    if (!Files.exists(path)) {
      Files.createFile(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    OutputStream opened = new FileOutputStream(path.toFile(), true);
    BasicFileAttributes facts = Files.readAttributes(path, BasicFileAttributes.class);
    bytes = facts.size();
    key = facts.fileKey();
    return opened;
  }

  @Override
  public void write(Level level, byte[] line) throws IOException {
    if (bytes > 0 && bytes + line.length > bytesMax) {
      rotate();
    } else if (clock.getAsLong() - lookedAtNanos >= LOOK_NANOS) {
      reopenIfReplaced();
    }
    out.write(line);
    bytes += line.length;
  }

  private void rotate() throws IOException {
    OldFiles old = Objects.requireNonNull(oldFiles, "only a file that is rotated has a bound");
    if (Files.exists(path)) {
      Files.move(path, old.nameAt(Instant.now()), StandardCopyOption.REPLACE_EXISTING);
    }
    reopen();
    old.tidy();
  }

  private void reopenIfReplaced() throws IOException {
    lookedAtNanos = clock.getAsLong();
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
