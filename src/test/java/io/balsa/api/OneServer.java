package io.balsa.api;

import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.front.FrontFailure;
import io.balsa.node.Node;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A Balsa of one server, with an empty store in memory, on a free port. */
final class OneServer implements AutoCloseable {
  final Node node;
  final EtcdServer server;

  private OneServer(Node node, EtcdServer server) {
    this.node = node;
    this.server = server;
  }

  static OneServer start() throws FrontFailure {
    Node node = new Node(new MemoryEngines(new MemoryMedium()).open("state"));
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new OneServer(
        node, EtcdServer.start(EtcdServerConfig.of(address), node, new ServerMetrics()));
  }

  int port() {
    return server.addresses().getFirst().getPort();
  }

  @Override
  public void close() {
    server.stop(Duration.ZERO);
  }
}
