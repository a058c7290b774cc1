package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.host.Disk;
import io.balsa.host.DiskFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A disk: it outlives the processes on its machine, and what was not forced may be lost in any part
 * when one dies. Nothing here takes time: a lane that works on the disk waits before its task
 * instead, see {@link SimLane}.
 */
final class SimDisk implements Disk {
  private static final long CAPACITY = 1L << 40;

  private final World world;
  private final int sectorBytes;
  private final DiskFaults faults;
  private SimDirectory root = new SimDirectory();

  SimDisk(World world, int sectorBytes, DiskFaults faults) {
    this.world = world;
    this.sectorBytes = sectorBytes;
    this.faults = faults;
  }

  DiskFaults faults() {
    return faults;
  }

  /** The process ended. */
  void crash(Survival survival, SimDice dice) {
    root.crash(survival, sectorBytes, dice);
  }

  /** A disk with what is durable here now and nothing else; it never fails. */
  SimDisk durableCopy() {
    SimDisk copy = new SimDisk(world, sectorBytes, DiskFaults.none(world));
    copy.root = root.durableCopy();
    return copy;
  }

  @Override
  public List<String> list(String directory) {
    return find(directory) instanceof SimDirectory found ? found.names() : List.of();
  }

  @Override
  public boolean exists(String path) {
    return find(path) != null;
  }

  @Override
  public void createDirectory(String directory) throws IOException {
    SimDirectory at = root;
    for (String name : names(directory)) {
      SimNode next = at.get(name);
      if (next == null) {
        faults.changing(false);
        next = new SimDirectory();
        at.add(name, next);
      }
      at = asDirectory(next, directory);
    }
  }

  @Override
  public DiskFile create(String path) throws IOException {
    SimDirectory parent = parentOf(path);
    if (parent.get(nameOf(path)) != null) {
      throw new IOException(path + " exists");
    }
    faults.changing(true);
    SimFile file = new SimFile();
    parent.add(nameOf(path), file);
    return new Open(path, file);
  }

  @Override
  public DiskFile open(String path) throws IOException {
    if (find(path) instanceof SimFile file) {
      return new Open(path, file);
    }
    throw new FileNotFoundException(path + " is not a file");
  }

  @Override
  public void rename(String from, String to) throws IOException {
    SimDirectory parent = parentOf(from);
    Check.that(parent == parentOf(to), "a rename stays in its directory");
    if (parent.get(nameOf(from)) == null) {
      throw new FileNotFoundException(from + " does not exist");
    }
    faults.changing(false);
    parent.rename(nameOf(from), nameOf(to));
  }

  @Override
  public void delete(String path) throws IOException {
    if (find(path) != null) {
      faults.changing(false);
      parentOf(path).remove(nameOf(path));
    }
  }

  @Override
  public void forceDirectory(String directory) throws IOException {
    SimNode node = find(directory);
    if (node == null) {
      throw new FileNotFoundException(directory + " does not exist");
    }
    faults.force();
    asDirectory(node, directory).force();
  }

  @Override
  public long freeBytes() {
    return faults.isFull() ? 0 : CAPACITY;
  }

  private @Nullable SimNode find(String path) {
    SimNode at = root;
    for (String name : names(path)) {
      at = at instanceof SimDirectory directory ? directory.get(name) : null;
      if (at == null) {
        return null;
      }
    }
    return at;
  }

  private SimDirectory parentOf(String path) throws IOException {
    int cut = path.lastIndexOf('/');
    String parent = cut < 0 ? "" : path.substring(0, cut);
    SimNode node = find(parent);
    if (node == null) {
      throw new FileNotFoundException(parent + " does not exist");
    }
    return asDirectory(node, parent);
  }

  private static SimDirectory asDirectory(SimNode node, String path) throws IOException {
    if (node instanceof SimDirectory directory) {
      return directory;
    }
    throw new IOException(path + " is not a directory");
  }

  private static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static List<String> names(String path) {
    return List.of(path.split("/")).stream().filter(name -> !name.isEmpty()).toList();
  }

  /** An open file. */
  private final class Open implements DiskFile {
    private final String path;
    private final SimFile file;

    Open(String path, SimFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public long size() {
      return file.size();
    }

    @Override
    public int read(long position, ByteBuffer target) {
      byte[] bytes = new byte[target.remaining()];
      int count = file.read(Math.toIntExact(position), bytes);
      target.put(bytes, 0, count);
      return count;
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      faults.changing(position + source.remaining() > file.size());
      byte[] data = new byte[source.remaining()];
      source.get(data);
      file.write(Math.toIntExact(position), Bytes.wrap(data));
    }

    @Override
    public void force() throws IOException {
      faults.force();
      file.force();
    }

    @Override
    public void truncate(long size) throws IOException {
      faults.changing(size > file.size());
      file.truncate(Math.toIntExact(size));
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
      return path;
    }
  }
}
