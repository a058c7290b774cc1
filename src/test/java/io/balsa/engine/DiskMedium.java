package io.balsa.engine;

import io.balsa.bytes.Bytes;
import io.balsa.host.Disk;
import io.balsa.host.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Keeps what memory engines flush in the files of a disk, so that a test can copy them. */
public final class DiskMedium implements Medium {
  private final Disk disk;

  public DiskMedium(Disk disk) {
    this.disk = disk;
  }

  @Override
  public void put(String path, Bytes content) {
    try {
      disk.createDirectory(path.substring(0, path.lastIndexOf('/')));
      disk.delete(path);
      try (DiskFile file = disk.create(path)) {
        file.write(0, content.buffer());
        file.force();
      }
    } catch (IOException e) {
      throw new EngineFailure("the state cannot be written to " + path, e);
    }
  }

  @Override
  public @Nullable Bytes get(String path) {
    if (!disk.exists(path)) {
      return null;
    }
    try (DiskFile file = disk.open(path)) {
      byte[] content = new byte[Math.toIntExact(file.size())];
      file.read(0, ByteBuffer.wrap(content));
      return Bytes.wrap(content);
    } catch (IOException e) {
      throw new EngineFailure("the state cannot be read from " + path, e);
    }
  }
}
