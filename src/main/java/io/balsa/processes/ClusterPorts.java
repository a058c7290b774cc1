package io.balsa.processes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The ports of a cluster on this machine, counted from a base: the proxy at the base, the clients'
 * ports of the servers right behind it, the peers' ports ten further.
 */
public record ClusterPorts(int base, int servers) {
  /** How many ports from the base on a cluster may take. */
  static final int SPAN = 20;

  private static final int FIRST = 23_790;
  private static final int LAST = 32_000;

  /** The first free ones from etcd's neighbourhood upward. */
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

  /** Where server 1, 2, ... takes clients. */
  public int client(int server) {
    return base + server;
  }

  /** Where server 1, 2, ... takes its peers. */
  int peer(int server) {
    return base + 10 + server;
  }

  /** A port of these that something else holds. */
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
