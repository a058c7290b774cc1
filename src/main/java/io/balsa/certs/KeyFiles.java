package io.balsa.certs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Writes the files of keys and certificates. A file appears whole or not at all: it is written
 * under another name, forced to disk and renamed. An older file of the name is replaced.
 */
public final class KeyFiles {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> ALL = PosixFilePermissions.fromString("rw-r--r--");

  private KeyFiles() {}

  /** Only the owner may read and write the file (0600), from its first byte on. */
  public static void writeSecret(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8), OWNER);
  }

  /** Everyone may read the file (0644). */
  public static void writePublic(Path file, String text) throws IOException {
    writePublic(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Everyone may read the file (0644). */
  public static void writePublic(Path file, byte[] bytes) throws IOException {
    write(file, bytes, ALL);
  }

  private static void write(Path file, byte[] bytes, Set<PosixFilePermission> permissions)
      throws IOException {
    Path part = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    try {
      try (FileChannel channel =
          posix
              ? FileChannel.open(part, fresh, PosixFilePermissions.asFileAttribute(OWNER))
              : FileChannel.open(part, fresh)) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      if (posix) {
        // the process's mask may have taken some away
        Files.setPosixFilePermissions(part, permissions);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
