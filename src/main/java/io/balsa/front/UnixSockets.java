package io.balsa.front;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** The files of Unix sockets: a listening socket leaves one behind when its process is killed. */
public final class UnixSockets {
  private UnixSockets() {}

  /**
   * Deletes the file of a socket that nobody listens on.
   *
   * @throws FrontFailure if a process listens there, or if the file is no socket
   */
  public static void makeRoom(UnixDomainSocketAddress address) throws FrontFailure {
    Path path = address.getPath();
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw cannotListen(address, new IOException("there is no folder " + folder));
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      boolean socket =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .isOther();
      if (!socket) {
        throw cannotListen(address, new IOException("a file that is no socket is there"));
      }
      if (isListening(address)) {
        throw cannotListen(address, new IOException("Address already in use"));
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw cannotListen(address, e);
    }
  }

  private static boolean isListening(UnixDomainSocketAddress address) throws IOException {
    try (SocketChannel _ = SocketChannel.open(address)) {
      return true;
    } catch (ConnectException _) {
      return false;
    }
  }

  private static FrontFailure cannotListen(SocketAddress address, IOException why) {
    return new FrontFailure(
        "cannot listen on unix://%s (%s): end what listens there or choose another path"
            .formatted(address, why.getMessage()),
        why);
  }

  /** Lets nobody but the owner of the process connect. */
  static void protect(UnixDomainSocketAddress address) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(address.getPath(), PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("rw-------"));
    }
  }

  /** Deletes the file of a socket that was closed. */
  static void remove(UnixDomainSocketAddress address) {
    try {
      Files.deleteIfExists(address.getPath());
    } catch (IOException _) {
      // the next start deletes it
    }
  }
}
