package io.balsa.processes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One relay before the peer port of each server. Peers connect to the relay, and it passes the
 * bytes on. While a direction is cut, the relay holds the bytes back. For the servers this looks
 * like a network that drops everything.
 */
public final class Relays implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  /** The direction from one server to another. */
  private record Way(int from, int to) implements Comparable<Way> {
    @Override
    public int compareTo(Way other) {
      return from != other.from ? Integer.compare(from, other.from) : Integer.compare(to, other.to);
    }
  }

  private final List<ServerSocket> doors = new ArrayList<>();
  private final TreeSet<Way> cut = new TreeSet<>();
  private final List<Socket> sockets = new ArrayList<>();
  private boolean closed;

  /** Opens a relay for each server, on free ports. */
  public Relays(int servers) {
    try {
      for (int server = 1; server <= servers; server++) {
        doors.add(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
      }
    } catch (IOException failed) {
      close();
      throw new UncheckedIOException("no port for a relay", failed);
    }
  }

  /** The port at which peers connect to a server. */
  int port(int server) {
    return doors.get(server - 1).getLocalPort();
  }

  /**
   * Begins to accept connections.
   *
   * @param owner gives the server whose process has the connection from one port to another; 0 when
   *     it is not known
   */
  void open(ClusterPorts ports, IntBinaryOperator owner) {
    for (int server = 1; server <= doors.size(); server++) {
      int to = server;
      Thread.ofVirtual().start(() -> accept(to, ports.peer(to), owner));
    }
  }

  private void accept(int to, int target, IntBinaryOperator owner) {
    ServerSocket door = doors.get(to - 1);
    while (!door.isClosed()) {
      Socket caller = next(door);
      if (caller != null) {
        Thread.ofVirtual().start(() -> connect(caller, to, target, owner));
      }
    }
  }

  /** The next connection; null when it has broken already, or the port is closed. */
  private static @Nullable Socket next(ServerSocket door) {
    try {
      return door.accept();
    } catch (IOException _) {
      return null;
    }
  }

  /**
   * Connects first, because a server that does not listen yet is called often, and to find the
   * caller takes time. A server behind a cut gets no connection.
   */
  private void connect(Socket caller, int to, int target, IntBinaryOperator owner) {
    try {
      Socket called = new Socket(InetAddress.getLoopbackAddress(), target);
      int from = owner.applyAsInt(caller.getPort(), caller.getLocalPort());
      Way there = new Way(from, to);
      Way back = new Way(to, from);
      if (isCut(there)) {
        called.close();
        awaitOpen(there);
        called = new Socket(InetAddress.getLoopbackAddress(), target);
      }
      join(caller, called, there, back);
    } catch (IOException _) {
      end(caller);
    }
  }

  private synchronized boolean isCut(Way way) {
    return cut.contains(way);
  }

  private void join(Socket caller, Socket called, Way there, Way back) {
    try {
      keep(caller);
      keep(called);
      Thread.ofVirtual().start(() -> pass(called, caller, back));
      pass(caller, called, there);
    } catch (IOException _) {
      end(caller);
    }
  }

  private synchronized void keep(Socket socket) throws IOException {
    if (closed) {
      socket.close();
    }
    socket.setTcpNoDelay(true);
    sockets.removeIf(Socket::isClosed);
    sockets.add(socket);
  }

  private void pass(Socket from, Socket to, Way way) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitOpen(way);
        out.write(buffer, 0, read);
      }
      awaitOpen(way); // a cut also holds back the end of a connection
    } catch (IOException _) {
      end(from);
    }
    end(from);
    end(to);
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private synchronized void awaitOpen(Way way) throws IOException {
    while (cut.contains(way) && !closed) {
      try {
        wait();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted");
      }
    }
  }

  /** Cuts one direction. */
  public synchronized void cut(int from, int to) {
    cut.add(new Way(from, to));
  }

  /** Cuts both directions between a server and all others, and connections of unknown owner. */
  public synchronized void isolate(int server) {
    for (int other = 0; other <= doors.size(); other++) {
      if (other != server) {
        cut(server, other);
        cut(other, server);
      }
    }
  }

  /** Opens all directions; the bytes that were held back pass too. */
  public synchronized void heal() {
    cut.clear();
    notifyAll();
  }

  @Override
  public synchronized void close() {
    closed = true;
    heal();
    doors.forEach(
        door -> {
          try {
            door.close();
          } catch (IOException failed) {
            throw new UncheckedIOException(failed);
          }
        });
    sockets.forEach(Relays::end);
  }
}
