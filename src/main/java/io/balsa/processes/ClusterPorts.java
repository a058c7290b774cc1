package io.balsa.processes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The ports of a cluster on this machine. The proxy has the base port. Server {@code n} takes
 * clients at {@code base + n} and peers at {@code base + 10 + n}.
 */
public record ClusterPorts(int base, int servers) {
  private static final int FIRST = 23_790;
  private static final int LAST = 32_000;

  /**
   * The first free ports, near etcd's.
   *
   * @throws InstrumentFailure when none are free
   */
  static ClusterPorts free(int servers) {
    OptionalInt base =
        IntStream.iterate(FIRST, each -> each < LAST, each -> each + 100)
            .filter(each -> new ClusterPorts(each, servers).taken().isEmpty())
            .findFirst();
    return new ClusterPorts(
        base.orElseThrow(
            () -> new InstrumentFailure("no free ports from " + FIRST + " on; give --base-port")),
        servers);
  }

  public int proxy() {
    return base;
  }

  /** The port for clients of server 1, 2, ... */
  public int client(int server) {
    return base + server;
  }

  /** The port for peers of server 1, 2, ... */
  int peer(int server) {
    return base + 10 + server;
  }

  /** The first of these ports that another process uses. */
  OptionalInt taken() {
    return IntStream.concat(
            IntStream.of(proxy()),
            IntStream.rangeClosed(1, servers).flatMap(n -> IntStream.of(client(n), peer(n))))
        .filter(port -> !isFree(port))
        .findFirst();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
