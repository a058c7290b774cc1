package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.host.Disk;
import io.balsa.host.DiskFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk, which outlives the processes on its machine. When a machine loses power, any part of the
 * unforced changes may be lost. Operations take no time here: a lane that uses the disk waits
 * before its task, see {@link SimLane}.
 */
final class SimDisk implements Disk {
  private static final long CAPACITY = 1L << 40;

  /** Gets the bytes that become durable. */
  interface Forced {
    /** Bytes of the log became durable at an offset of a segment. */
    void logged(int offset, Bytes data);
  }

  private final World world;
  private final int sectorBytes;
  private final DiskFaults faults;
  private final CrashPoints points;
  private final Forced forced;
  private SimDirectory root = new SimDirectory();

  SimDisk(World world, int sectorBytes, DiskFaults faults, CrashPoints points, Forced forced) {
    this.world = world;
    this.sectorBytes = sectorBytes;
    this.faults = faults;
    this.points = points;
    this.forced = forced;
  }

  /** A disk that never fails. */
  SimDisk(World world, int sectorBytes) {
    this(
        world,
        sectorBytes,
        DiskFaults.none(world),
        new CrashPoints(new Coverage(), () -> {}),
        (_, _) -> {});
  }

  DiskFaults faults() {
    return faults;
  }

  /** The process ended. */
  void crash(Survival survival, SimDice dice) {
    root.crash(new Crash(survival, sectorBytes, dice, world.marks()));
  }

  /** Removes everything. */
  void wipe() {
    root = new SimDirectory();
  }

  /** Passes all files as the process sees them, with their paths. */
  void files(BiConsumer<String, SimFile> each) {
    root.files("", each);
  }

  /** Takes the content of another disk, which is not used any more. */
  void takeOver(SimDisk other) {
    root = other.root;
  }

  /** A disk with only the data that is durable here now; it never fails. */
  SimDisk durableCopy() {
    SimDisk copy = new SimDisk(world, sectorBytes);
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
    file.place(CrashPoint.Place.of(path));
    int point = CrashPoint.before(file.place(), CrashPoint.Change.CREATE);
    points.pass(point);
    parent.add(nameOf(path), file);
    points.pass(point + 1);
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
    CrashPoint.Place place = CrashPoint.Place.of(to);
    int point = CrashPoint.before(place, CrashPoint.Change.RENAME);
    points.pass(point);
    if (parent.get(nameOf(from)) instanceof SimFile file) {
      file.place(place);
    }
    parent.rename(nameOf(from), nameOf(to));
    noteSegment(place, Mark.SEGMENT_BEGUN);
    if (place == CrashPoint.Place.SEGMENT && from.endsWith("urgent")) {
      world.marks().hit(Mark.SEGMENT_MADE_IN_HASTE);
    }
    points.pass(point + 1);
  }

  @Override
  public void delete(String path) throws IOException {
    if (find(path) != null) {
      faults.changing(false);
      CrashPoint.Place place = CrashPoint.Place.of(path);
      int point = CrashPoint.before(place, CrashPoint.Change.DELETE);
      points.pass(point);
      parentOf(path).remove(nameOf(path));
      noteSegment(place, Mark.SEGMENT_DROPPED);
      points.pass(point + 1);
    }
  }

  private void noteSegment(CrashPoint.Place place, Mark mark) {
    if (place == CrashPoint.Place.SEGMENT) {
      world.marks().hit(mark);
    }
  }

  @Override
  public void forceDirectory(String directory) throws IOException {
    SimNode node = find(directory);
    if (node == null) {
      throw new FileNotFoundException(directory + " does not exist");
    }
    int point = CrashPoint.before(CrashPoint.Place.DIRECTORY, CrashPoint.Change.FORCE);
    points.pass(point);
    faults.force();
    asDirectory(node, directory).force();
    points.pass(point + 1);
  }

  @Override
  public long freeBytes() {
    return faults.isFull() ? 0 : CAPACITY;
  }

  @Override
  public long totalBytes() {
    return CAPACITY;
  }

  private @Nullable SimNode find(String path) {
    SimNode at = root;
    int from = 0;
    while (from < path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      at = at instanceof SimDirectory directory ? directory.get(path.substring(from, to)) : null;
      if (at == null) {
        return null;
      }
      from = to + 1;
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

    private int before(CrashPoint.Change change) {
      int point = CrashPoint.before(file.place(), change);
      points.pass(point);
      return point;
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      faults.reading();
      byte[] bytes = new byte[target.remaining()];
      int count = file.read(Math.toIntExact(position), bytes);
      target.put(bytes, 0, count);
      return count;
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      faults.changing(position + source.remaining() > file.size());
      int point = before(CrashPoint.Change.WRITE);
      byte[] data = new byte[source.remaining()];
      source.get(data);
      file.write(Math.toIntExact(position), Bytes.wrap(data));
      faults.wrote(data.length);
      points.pass(point + 1);
    }

    @Override
    public void force() throws IOException {
      int point = before(CrashPoint.Change.FORCE);
      try {
        faults.force();
      } catch (IOException e) {
        file.forget();
        throw e;
      }
      file.force(file.place() == CrashPoint.Place.SEGMENT ? forced::logged : (_, _) -> {});
      points.pass(point + 1);
    }

    @Override
    public void truncate(long size) throws IOException {
      faults.changing(size > file.size());
      int point = before(CrashPoint.Change.TRUNCATE);
      file.truncate(Math.toIntExact(size));
      points.pass(point + 1);
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
      return path;
    }
  }
}
