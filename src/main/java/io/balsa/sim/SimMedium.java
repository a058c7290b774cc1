package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.engine.EngineFailure;
import io.balsa.engine.Medium;
import io.balsa.host.Disk;
import io.balsa.host.DiskFile;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The storage of a memory engine: files on the machine's disk, replaced as a whole. */
final class SimMedium implements Medium {
  private final Disk disk;

  SimMedium(Disk disk) {
    this.disk = disk;
  }

  @Override
  public void put(String path, Bytes content) {
    String directory = path.substring(0, path.lastIndexOf('/'));
    String next = path + ".next";
    try {
      if (!disk.exists(directory)) {
        disk.createDirectory(directory);
        disk.forceDirectory(directory.substring(0, Math.max(0, directory.lastIndexOf('/'))));
      }
      disk.delete(next);
      try (DiskFile file = disk.create(next)) {
        file.write(0, content.buffer());
        file.force();
      }
      disk.rename(next, path);
      disk.forceDirectory(directory);
    } catch (IOException e) {
      throw new EngineFailure("the state cannot be written to " + path, e);
    }
  }

  @Override
  public @Nullable Bytes get(String path) {
    if (!disk.exists(path)) {
      return null;
    }
    try {
      return disk.readWhole(path);
    } catch (IOException e) {
      throw new EngineFailure("the state cannot be read from " + path, e);
    }
  }
}
