package io.balsa.server;

import io.balsa.bytes.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a free port for each address with port 0, before the server tells the others where clients
 * reach it. A taken port is bound, but nobody listens there.
 */
final class RealPorts implements AutoCloseable {
  private final List<Socket> taken = new ArrayList<>();
  private final List<HostPort> addresses = new ArrayList<>();

  private RealPorts() {}

  /** Takes the ports. */
  static RealPorts take(List<HostPort> wanted) throws IOException {
    RealPorts ports = new RealPorts();
    try {
      for (HostPort address : wanted) {
        ports.addresses.add(address.port() == 0 ? ports.takeOne(address) : address);
      }
      return ports;
    } catch (IOException e) {
      ports.close();
      throw e;
    }
  }

  private HostPort takeOne(HostPort wanted) throws IOException {
    Socket socket = new Socket();
    taken.add(socket);
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(wanted.host(), 0));
    return new HostPort(wanted.host(), socket.getLocalPort(), wanted.isSecure());
  }

  /** The addresses with their real ports, in the given order. */
  List<HostPort> addresses() {
    return List.copyOf(addresses);
  }

  /** URLs with the first taken port, or the port at the same place, where they have port 0. */
  List<String> in(List<String> urls) {
    List<String> real = new ArrayList<>();
    for (int i = 0; i < urls.size(); i++) {
      String url = urls.get(i);
      real.add(url.endsWith(":0") ? url.substring(0, url.length() - 1) + port(i) : url);
    }
    return real;
  }

  private int port(int index) {
    boolean same = index < addresses.size() && taken.size() > 1;
    return same
        ? addresses.get(index).port()
        : taken.isEmpty() ? 0 : taken.getFirst().getLocalPort();
  }

  @Override
  public void close() {
    release();
  }

  /** Gives the ports free for those who listen. */
  void release() {
    for (Socket socket : taken) {
      try {
        socket.close();
      } catch (IOException _) {
        // it is not connected: nothing is lost
      }
    }
  }
}
