package io.balsa.cli;

import io.balsa.server.BalsaServer;
import java.nio.file.Path;

/** Real servers in this process, on free ports. */
final class OnLoopback {
  private OnLoopback() {}

  /** The flags of a server on a data directory. */
  static ServerOptions options(Path data) {
    ServerOptions options = new ServerOptions();
    options.dataDir = data.toString();
    options.listenClientUrls = "http://127.0.0.1:0";
    options.listenPeerUrls = "http://127.0.0.1:0";
    return options;
  }

  /** The flag that names a server to a command. */
  static String endpoint(BalsaServer server) {
    return "--endpoints=127.0.0.1:" + server.clientAddress().getPort();
  }
}
