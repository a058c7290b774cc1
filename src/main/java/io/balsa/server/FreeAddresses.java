package io.balsa.server;

import io.balsa.bytes.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/**
 * Tries to bind the addresses that a server will listen on. A server whose port is taken then fails
 * before it joins its cluster and maybe wins an election.
 */
final class FreeAddresses {
  private FreeAddresses() {}

  /**
   * Tries each address.
   *
   * @param forWhom named in the failure: "clients", "peers"
   */
  static void tryAll(List<HostPort> addresses, String forWhom) throws ServerFailure {
    for (HostPort address : addresses) {
      tryOne(address, forWhom);
    }
  }

  private static void tryOne(HostPort address, String forWhom) throws ServerFailure {
    InetSocketAddress place = new InetSocketAddress(address.host(), address.port());
    if (place.isUnresolved()) {
      throw new ServerFailure(line(address, forWhom, "no such host"));
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(place);
    } catch (IOException e) {
      throw new ServerFailure(line(address, forWhom, String.valueOf(e.getMessage())), e);
    }
  }

  private static String line(HostPort address, String forWhom, String why) {
    return "cannot listen for %s on %s (%s): end what listens there or choose another address"
        .formatted(forWhom, address, why);
  }
}
