package io.balsa.host;

import io.balsa.bytes.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory. It fails from a chosen change on, and it forgets at a power cut what was not
 * forced. One thread uses it.
 */
public final class MapDisk implements Disk {
  private final Node root = new Node(true);
  private int changesLeft = Integer.MAX_VALUE;
  private Runnable duringForce = () -> {};
  private int forces;

  /** What survives a power cut of the names that were not forced; a disk may do any of these. */
  public enum Survivors {
    /** Every change of a name. */
    ALL_NAMES,
    /** No change of a name. */
    FORCED_NAMES,
    /** Deletions alone, though they came last. */
    DELETIONS
  }

  private static final class Node {
    private final boolean directory;
    private Map<String, Node> names = new TreeMap<>();
    private Map<String, Node> durableNames = new TreeMap<>();
    private final Set<String> deleted = new TreeSet<>();
    private byte[] bytes = {};
    private byte[] durableBytes = {};

    Node(boolean directory) {
      this.directory = directory;
    }

    void cutPower(Survivors survivors) {
      switch (survivors) {
        case ALL_NAMES -> {}
        case FORCED_NAMES -> names = new TreeMap<>(durableNames);
        case DELETIONS -> {
          names = new TreeMap<>(durableNames);
          names.keySet().removeAll(deleted);
        }
      }
      deleted.clear();
      durableNames = new TreeMap<>(names);
      bytes = durableBytes.clone();
      names.values().forEach(node -> node.cutPower(survivors));
    }
  }

  /** The disk makes so many changes more. Every later change fails. */
  public void failAfter(int changes) {
    changesLeft = changes;
  }

  /** The disk works again. */
  public void recover() {
    changesLeft = Integer.MAX_VALUE;
  }

  /** Runs a task within every force of a file. */
  public void duringForce(Runnable task) {
    duringForce = task;
  }

  /** How often a file was forced. */
  public int forces() {
    return forces;
  }

  /** The power fails and comes back. No file keeps what was written after its last force. */
  public void cutPower(Survivors survivors) {
    recover();
    root.cutPower(survivors);
  }

  /** What a file holds now. */
  public Bytes bytes(String path) throws IOException {
    return Bytes.copyOf(node(path).bytes);
  }

  /** Puts another byte into a file at once, as a damaged disk does. */
  public void damage(String path, int at) throws IOException {
    node(path).bytes[at] ^= 1;
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return exists(directory) ? List.copyOf(node(directory).names.keySet()) : List.of();
  }

  @Override
  public boolean exists(String path) {
    return find(path) != null;
  }

  @Override
  public void createDirectory(String directory) throws IOException {
    Node at = root;
    for (String name : directory.split("/")) {
      Node next = at.names.get(name);
      if (next == null) {
        change();
        next = new Node(true);
        at.names.put(name, next);
      }
      at = next;
    }
  }

  @Override
  public DiskFile create(String path) throws IOException {
    if (exists(path)) {
      throw new FileAlreadyExistsException(path);
    }
    change();
    Node file = new Node(false);
    parent(path).names.put(name(path), file);
    return new OpenFile(file);
  }

  @Override
  public DiskFile open(String path) throws IOException {
    return new OpenFile(node(path));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Node moved = node(from);
    if (exists(to) && node(to).directory) {
      throw new FileAlreadyExistsException(to);
    }
    change();
    parent(from).names.remove(name(from));
    parent(to).names.put(name(to), moved);
  }

  @Override
  public void delete(String path) throws IOException {
    if (exists(path)) {
      change();
      parent(path).names.remove(name(path));
      parent(path).deleted.add(name(path));
    }
  }

  @Override
  public void forceDirectory(String directory) throws IOException {
    change();
    Node node = directory.isEmpty() ? root : node(directory);
    node.durableNames = new TreeMap<>(node.names);
    node.deleted.clear();
  }

  @Override
  public long freeBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public long totalBytes() {
    return Long.MAX_VALUE;
  }

  private void change() throws IOException {
    if (changesLeft == 0) {
      throw new IOException("input/output error");
    }
    changesLeft--;
  }

  private Node node(String path) throws NoSuchFileException {
    Node node = find(path);
    if (node == null) {
      throw new NoSuchFileException(path);
    }
    return node;
  }

  private @Nullable Node find(String path) {
    @Nullable Node at = root;
    for (String name : path.split("/")) {
      at = at == null ? null : at.names.get(name);
    }
    return at;
  }

  private Node parent(String path) throws NoSuchFileException {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? root : node(path.substring(0, slash));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private final class OpenFile implements DiskFile {
    private final Node file;

    OpenFile(Node file) {
      this.file = file;
    }

    @Override
    public long size() {
      return file.bytes.length;
    }

    @Override
    public int read(long position, ByteBuffer target) {
      int from = (int) Math.min(position, file.bytes.length);
      int length = Math.min(target.remaining(), file.bytes.length - from);
      target.put(file.bytes, from, length);
      return length;
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      change();
      int end = Math.toIntExact(position) + source.remaining();
      if (end > file.bytes.length) {
        file.bytes = Arrays.copyOf(file.bytes, end);
      }
      source.get(file.bytes, (int) position, source.remaining());
    }

    @Override
    public void force() throws IOException {
      change();
      forces++;
      duringForce.run();
      file.durableBytes = file.bytes.clone();
    }

    @Override
    public void truncate(long size) throws IOException {
      change();
      file.bytes = Arrays.copyOf(file.bytes, Math.toIntExact(size));
    }

    @Override
    public void close() {}
  }

  /** A change that a test makes to a disk. */
  @FunctionalInterface
  public interface Work {
    void run(MapDisk disk) throws IOException;
  }

  /**
   * What the disk may hold after a power cut at each change of some work, and after the work.
   *
   * @param before what is on the disk before the work
   * @return a disk for each cut and each way of surviving it
   */
  public static List<AfterCut> cuts(Work before, Work work) throws IOException {
    List<AfterCut> cuts = new ArrayList<>();
    boolean whole = false;
    for (int changes = 0; !whole; changes++) {
      for (Survivors survivors : Survivors.values()) {
        MapDisk disk = new MapDisk();
        before.run(disk);
        whole = ends(disk, changes, work);
        disk.cutPower(survivors);
        cuts.add(new AfterCut(disk, whole));
      }
    }
    return cuts;
  }

  private static boolean ends(MapDisk disk, int changes, Work work) {
    disk.failAfter(changes);
    try {
      work.run(disk);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * A disk after a power cut.
   *
   * @param whole whether the work had ended before
   */
  public record AfterCut(MapDisk disk, boolean whole) {}
}
