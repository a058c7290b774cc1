package io.balsa.host;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of this machine for servers that run for a moment only. They are below the ports that
 * systems give to outgoing connections, which could take a port between the choice and its use.
 */
public final class FreePorts {
  private static final int FIRST = 10_000;
  private static final int COUNT = 13_000;

  /** Processes begin at different places, and a process gives each port once in a round. */
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % COUNT));

  private FreePorts() {}

  /**
   * Different ports of the loopback address that are free now; another process may take them later.
   *
   * @throws IOException when there are not so many
   */
  public static List<Integer> choose(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int tried = 0; held.size() < count; tried++) {
        if (tried == COUNT) {
          throw new IOException("no free ports from " + FIRST + " to " + (FIRST + COUNT));
        }
        hold(FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT), held);
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  private static void hold(int port, List<ServerSocket> held) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
      held.add(socket);
    } catch (BindException _) { // another process has this port
      socket.close();
    }
  }
}
