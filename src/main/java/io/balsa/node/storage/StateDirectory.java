package io.balsa.node.storage;

import io.balsa.bytes.Bytes;
import io.balsa.host.Disk;
import io.balsa.host.DiskFile;
import java.io.IOException;
import java.util.List;

/**
 * The directory of the store: one directory for each state, and a small file, the pointer, that
 * names the state in force. A new state is made whole beside the old one before the pointer names
 * it, so that a crash leaves one or the other in force.
 */
public final class StateDirectory {
  public static final String ROOT = "state";
  private static final String POINTER = ROOT + "/current";
  private static final String NEXT_POINTER = ROOT + "/current.next";
  private static final String FIRST = "0";

  /** Follows the name of a state that is being received. */
  public static final String INCOMING = ".incoming";

  private final Disk disk;

  private StateDirectory(Disk disk) {
    this.disk = disk;
  }

  /** Opens the directory. A new one points to an empty first state. */
  static StateDirectory open(Disk disk) throws IOException {
    StateDirectory directory = new StateDirectory(disk);
    disk.createDirectory(ROOT);
    disk.forceDirectory("");
    if (!disk.exists(POINTER)) {
      directory.pointTo(FIRST);
    }
    return directory;
  }

  /** The path of the state in force. */
  String current() throws IOException {
    return pathOf(disk.readWhole(POINTER).utf8());
  }

  /** The path of the state with a name. */
  public static String pathOf(String name) {
    return ROOT + "/" + name;
  }

  /** Whether a name in the directory belongs to a transfer under way. */
  public static boolean isIncoming(String name) {
    return name.contains(INCOMING);
  }

  /** Durably puts a state in force. */
  void pointTo(String name) throws IOException {
    point(disk, name);
  }

  /** Durably puts a state in force, also in a directory that is not opened. */
  public static void point(Disk disk, String name) throws IOException {
    disk.delete(NEXT_POINTER);
    try (DiskFile file = disk.create(NEXT_POINTER)) {
      file.write(0, Bytes.utf8(name).buffer());
      file.force();
    }
    disk.rename(NEXT_POINTER, POINTER);
    disk.forceDirectory(ROOT);
  }

  /** Deletes every state but the one in force and those with the names given. */
  void deleteOthers(List<String> keep) throws IOException {
    String current = current();
    for (String name : disk.list(ROOT)) {
      String path = pathOf(name);
      if (!path.equals(current) && !path.equals(POINTER) && !keep.contains(name)) {
        disk.delete(path);
      }
    }
  }
}
