package io.balsa.wal;

import io.balsa.bytes.Bytes;
import io.balsa.host.Disk;
import io.balsa.host.DiskFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A disk that forgets. At a power cut, any subset of the sectors written since a file's last force
 * survives, and any subset of the changes of names since their directory's last force.
 */
public final class MemoryDisk implements Disk {
  private static final int SECTOR_BYTES = 512;

  private final Random random;
  private TreeMap<String, Content> names = new TreeMap<>();
  private TreeMap<String, Content> durableNames = new TreeMap<>();
  private final List<NameChange> changes = new ArrayList<>();
  private final TreeSet<String> unreadable = new TreeSet<>();
  private int generation;
  private int cutIn = -1;
  private boolean off;
  private boolean forceFails;
  private long space = Long.MAX_VALUE;

  public MemoryDisk(long seed) {
    random = new Random(seed);
  }

  /** The power went. */
  static final class PowerCut extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** A name given to a content, in one step with the loss of another one; or only lost. */
  private record NameChange(
      String directory, @Nullable String lost, @Nullable String name, Content content) {
    void applyTo(TreeMap<String, Content> names) {
      if (lost != null) {
        names.remove(lost);
      }
      if (name != null) {
        names.put(name, content);
      }
    }
  }

  private static final class Content {
    private final boolean directory;
    private byte[] live = new byte[0];
    private byte[] durable = new byte[0];
    private final TreeSet<Integer> dirty = new TreeSet<>();

    Content(boolean directory) {
      this.directory = directory;
    }
  }

  /** The power goes at the n-th change from now, before, after or in the midst of it. */
  void cutPowerIn(int operations) {
    cutIn = operations;
  }

  /** The next force fails, once. */
  public void failForce() {
    forceFails = true;
  }

  /** Bytes that may still be added to files. */
  public void space(long bytes) {
    space = bytes;
  }

  public void makeUnreadable(String path, long offset) {
    unreadable.add(path + "@" + offset / SECTOR_BYTES);
  }

  /** A new process after kill -9: everything written is there, open files are closed. */
  public void restart() {
    generation++;
    cutIn = -1;
    off = false;
  }

  /** A new process after a power cut. */
  void powerCut() {
    restart();
    for (NameChange change : changes) {
      if (random.nextBoolean()) {
        change.applyTo(durableNames);
      }
    }
    changes.clear();
    for (Content content : durableNames.values()) {
      lose(content);
    }
    names = new TreeMap<>(durableNames);
  }

  private void lose(Content content) {
    byte[] kept =
        Arrays.copyOf(
            content.durable, random.nextBoolean() ? content.live.length : content.durable.length);
    for (int sector : content.dirty) {
      int from = sector * SECTOR_BYTES;
      int to = Math.min(from + SECTOR_BYTES, Math.min(content.live.length, kept.length));
      if (from < to && random.nextBoolean()) {
        System.arraycopy(content.live, from, kept, from, to - from);
      }
    }
    content.durable = kept;
    content.live = kept.clone();
    content.dirty.clear();
  }

  /** A copy of all files, for comparison. */
  Map<String, Bytes> image() {
    Map<String, Bytes> image = new TreeMap<>();
    names.forEach((name, content) -> image.put(name, Bytes.copyOf(content.live)));
    return image;
  }

  /** A disk of its own with the same durable files. */
  MemoryDisk copy() {
    MemoryDisk copy = new MemoryDisk(0);
    names.forEach(
        (name, content) -> {
          Content same = new Content(content.directory);
          same.live = content.live.clone();
          same.durable = content.live.clone();
          copy.names.put(name, same);
          copy.durableNames.put(name, same);
        });
    return copy;
  }

  public byte[] bytes(String path) {
    return content(path).live;
  }

  void truncate(String path, int size) {
    Content content = content(path);
    content.live = Arrays.copyOf(content.live, size);
    content.durable = content.live.clone();
  }

  @Override
  public List<String> list(String directory) {
    String prefix = directory + "/";
    return names.keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .toList();
  }

  @Override
  public boolean exists(String path) {
    return names.containsKey(path);
  }

  @Override
  public void createDirectory(String directory) throws IOException {
    if (!exists(directory)) {
      changeName(null, directory, new Content(true));
    }
  }

  @Override
  public DiskFile create(String path) throws IOException {
    if (exists(path)) {
      throw new IOException(path + " is there already");
    }
    Content content = new Content(false);
    changeName(null, path, content);
    return new OpenFile(path, content, generation);
  }

  @Override
  public DiskFile open(String path) throws IOException {
    Content content = names.get(path);
    if (content == null) {
      throw new FileNotFoundException(path);
    }
    return new OpenFile(path, content, generation);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    changeName(from, to, content(from));
  }

  @Override
  public void delete(String path) throws IOException {
    if (exists(path)) {
      change(new NameChange(directoryOf(path), path, null, content(path)));
    }
  }

  @Override
  public void forceDirectory(String directory) throws IOException {
    boolean late = operation();
    changes.removeIf(
        change -> {
          if (change.directory().equals(directory)) {
            change.applyTo(durableNames);
            return true;
          }
          return false;
        });
    cutIf(late);
  }

  @Override
  public long freeBytes() {
    return space;
  }

  @Override
  public long totalBytes() {
    return space;
  }

  private void changeName(@Nullable String from, String to, Content content) throws IOException {
    change(new NameChange(directoryOf(to), from, to, content));
  }

  private void change(NameChange change) throws IOException {
    boolean late = operation();
    changes.add(change);
    change.applyTo(names);
    cutIf(late);
  }

  private Content content(String path) {
    return Objects.requireNonNull(names.get(path), path);
  }

  private static String directoryOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  /** Counts a change; true when the power goes right after it. */
  private boolean operation() throws IOException {
    cutIf(off);
    if (cutIn < 0 || --cutIn >= 0) {
      return false;
    }
    off = true;
    cutIf(random.nextBoolean());
    return true;
  }

  private static void cutIf(boolean cut) throws PowerCut {
    if (cut) {
      throw new PowerCut();
    }
  }

  private final class OpenFile implements DiskFile {
    private final String path;
    private final Content content;
    private final int opened;

    OpenFile(String path, Content content, int opened) {
      this.path = path;
      this.content = content;
      this.opened = opened;
    }

    @Override
    public long size() {
      return content.live.length;
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      int from = (int) Math.min(position, content.live.length);
      int length = Math.min(target.remaining(), content.live.length - from);
      for (int sector = from / SECTOR_BYTES; sector * SECTOR_BYTES < from + length; sector++) {
        if (unreadable.contains(path + "@" + sector)) {
          throw new IOException("input/output error");
        }
      }
      target.put(content.live, from, length);
      return length;
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      boolean late = operation();
      alive();
      int end = (int) position + source.remaining();
      int grown = Math.max(0, end - content.live.length);
      if (grown > space) {
        throw new IOException("no space left on device");
      }
      space -= grown;
      content.live = grown > 0 ? Arrays.copyOf(content.live, end) : content.live;
      source.get(content.live, (int) position, source.remaining());
      for (int at = (int) position / SECTOR_BYTES; at * SECTOR_BYTES < end; at++) {
        content.dirty.add(at);
      }
      cutIf(late);
    }

    @Override
    public void force() throws IOException {
      boolean late = operation();
      alive();
      if (forceFails) {
        forceFails = false;
        content.dirty.clear(); // as the page cache does: what was not written counts as clean
        throw new IOException("input/output error");
      }
      content.durable = content.live.clone();
      content.dirty.clear();
      cutIf(late);
    }

    @Override
    public void truncate(long size) throws IOException {
      throw new IOException("the log never truncates");
    }

    @Override
    public void close() {}

    private void alive() {
      if (opened != generation) {
        throw new IllegalStateException("a file of a process that is gone");
      }
    }
  }
}
