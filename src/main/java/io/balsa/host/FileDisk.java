package io.balsa.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the machine. Threads that use its files must never be interrupted: an interrupt
 * closes the file for everybody.
 */
public final class FileDisk implements Disk {
  private static final Set<OpenOption> OPEN =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
  private static final Set<OpenOption> CREATE =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

  private final Path root;
  private volatile @Nullable FileStore store;

  /** Over a directory that exists. */
  public FileDisk(Path root) {
    this.root = root;
  }

  @Override
  public List<String> list(String directory) throws IOException {
    Path path = root.resolve(directory);
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(path)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public boolean exists(String path) {
    return Files.exists(root.resolve(path));
  }

  @Override
  public void createDirectory(String directory) throws IOException {
    Files.createDirectories(root.resolve(directory), ownerOnly(root, "rwx------"));
  }

  @Override
  public DiskFile create(String path) throws IOException {
    Path file = root.resolve(path);
    return new ChannelFile(FileChannel.open(file, CREATE, ownerOnly(root, "rw-------")));
  }

  @Override
  public DiskFile open(String path) throws IOException {
    return new ChannelFile(FileChannel.open(root.resolve(path), OPEN));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(root.resolve(from), root.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String path) throws IOException {
    Path target = root.resolve(path);
    if (Files.isDirectory(target)) {
      Files.walkFileTree(target, new Deletion());
    } else {
      Files.deleteIfExists(target);
    }
  }

  @Override
  public void forceDirectory(String directory) throws IOException {
    force(root.resolve(directory));
  }

  @Override
  public long freeBytes() throws IOException {
    return store().getUsableSpace();
  }

  @Override
  public long totalBytes() throws IOException {
    return store().getTotalSpace();
  }

  /** Found once: to find it, the JDK reads all mounts, which needs a descriptor. */
  private FileStore store() throws IOException {
    FileStore found = store;
    if (found == null) {
      found = Files.getFileStore(root);
      store = found;
    }
    return found;
  }

  static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * The attribute that makes a file or directory private to its owner; none where the file system
   * has none.
   */
  static FileAttribute<?>[] ownerOnly(Path near, String permissions) {
    if (!near.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }

  private record ChannelFile(FileChannel channel) implements DiskFile {
    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      int start = target.position();
      while (target.hasRemaining()
          && channel.read(target, position + target.position() - start) >= 0) {}
      return target.position() - start;
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      long at = position;
      while (source.hasRemaining()) {
        at += channel.write(source, at);
      }
    }

    /** Leaves out the file's times, which nothing needs; the length is forced too. */
    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
