package io.balsa.cli;

import io.balsa.backups.BackupDamaged;
import io.balsa.backups.BackupFile;
import io.balsa.host.DiskFile;
import io.balsa.host.FileDisk;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Backups as files; they hold every key's value, so that only their owner may read them. */
final class Backups {
  private static final int BUFFER_BYTES = 1 << 20;

  private Backups() {}

  /** Opens a backup that exists. */
  static DiskFile open(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new BadInput("there is no file " + path);
    }
    Path absolute = path.toAbsolutePath();
    return new FileDisk(folderOf(absolute)).open(absolute.getFileName().toString());
  }

  /** Checks a backup; its bytes are not to be read afterwards. */
  static BackupFile read(Path path) throws IOException, BackupDamaged {
    try (DiskFile file = open(path)) {
      return BackupFile.check(file);
    }
  }

  /** What to tell about a file that is none. */
  static BadInput damaged(Path path, BackupDamaged damage) {
    return new BadInput(path + " cannot be used: " + damage.getMessage());
  }

  static OutputStream create(Path path) throws IOException {
    Files.deleteIfExists(path);
    Path absolute = path.toAbsolutePath();
    new FileDisk(folderOf(absolute)).create(absolute.getFileName().toString()).close();
    return new BufferedOutputStream(Files.newOutputStream(path), BUFFER_BYTES);
  }

  private static Path folderOf(Path file) {
    Path folder = file.getParent();
    if (folder == null) {
      throw new BadInput(file + " is no file");
    }
    return folder;
  }

  static void force(Path path) throws IOException {
    try (DiskFile file = open(path)) {
      file.force();
    }
  }
}
