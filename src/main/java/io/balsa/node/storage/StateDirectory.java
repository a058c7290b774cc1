package io.balsa.node.storage;

import io.balsa.bytes.Bytes;
import io.balsa.host.Disk;
import io.balsa.host.DiskFile;
import java.io.IOException;
import java.util.List;

/**
 * Where the store lives: directories beside each other, and a small file, the pointer, that names
 * the one in force. A new state is made whole beside the old one and then pointed to, so that a
 * crash finds one or the other.
 */
public final class StateDirectory {
  public static final String ROOT = "state";
  private static final String POINTER = ROOT + "/current";
  private static final String NEXT_POINTER = ROOT + "/current.next";
  private static final String FIRST = "0";

  /** The end of the name of a state that is being received. */
  public static final String INCOMING = ".incoming";

  private final Disk disk;

  private StateDirectory(Disk disk) {
    this.disk = disk;
  }

  /** Opens it, making it with an empty first state when there is none. */
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

  /** The path of a state of a name. */
  public static String pathOf(String name) {
    return ROOT + "/" + name;
  }

  /** Whether a name in the state's directory belongs to a transfer under way. */
  public static boolean isIncoming(String name) {
    return name.contains(INCOMING);
  }

  /** Puts a state in force, durably. */
  void pointTo(String name) throws IOException {
    point(disk, name);
  }

  /** Puts a state in force, durably, whatever was in force before. */
  public static void point(Disk disk, String name) throws IOException {
    disk.delete(NEXT_POINTER);
    try (DiskFile file = disk.create(NEXT_POINTER)) {
      file.write(0, Bytes.utf8(name).buffer());
      file.force();
    }
    disk.rename(NEXT_POINTER, POINTER);
    disk.forceDirectory(ROOT);
  }

  /** Deletes every state but the one in force and those of the names given. */
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
