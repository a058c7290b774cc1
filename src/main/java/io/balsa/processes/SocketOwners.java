package io.balsa.processes;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds the process of a connection on this machine, by Linux's {@code /proc}. On other systems no
 * process is found.
 */
final class SocketOwners {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp6"), Path.of("/proc/net/tcp"));
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  private SocketOwners() {}

  /**
   * The place in a list of the process that has the connection from one port of this machine to
   * another; negative when none of them has it. It reads the tables of the system once.
   */
  static int owner(List<Long> pids, int localPort, int remotePort) {
    String inode = inode(localPort, remotePort);
    String socket = "socket:[" + inode + "]";
    for (int i = 0; i < pids.size() && !inode.isEmpty(); i++) {
      if (holds(pids.get(i), socket)) {
        return i;
      }
    }
    return -1;
  }

  private static String inode(int localPort, int remotePort) {
    String local = ":%04X".formatted(localPort);
    String remote = ":%04X".formatted(remotePort);
    for (Path table : TABLES) {
      for (String line : Folders.lines(table)) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length > INODE
            && fields[LOCAL].endsWith(local)
            && fields[REMOTE].endsWith(remote)) {
          return fields[INODE];
        }
      }
    }
    return "";
  }

  private static boolean holds(long pid, String socket) {
    Path open = Path.of("/proc", Long.toString(pid), "fd");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(open)) {
      for (Path file : files) {
        if (Files.isSymbolicLink(file) && Files.readSymbolicLink(file).toString().equals(socket)) {
          return true;
        }
      }
      return false;
    } catch (IOException _) {
      return false; // the process has ended, or has closed a file
    }
  }
}
