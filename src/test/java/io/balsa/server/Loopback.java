package io.balsa.server;

import io.balsa.bytes.HostPort;
import io.balsa.host.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Settings of servers on free ports of the loopback address. */
final class Loopback {
  static final HostPort ANY = new HostPort("127.0.0.1", 0);

  private Loopback() {}

  /** A cluster of one. */
  static ServerSettingsBuilder alone(Path directory) {
    return ServerSettings.builder()
        .dataDirectory(directory)
        .listenClients(List.of(ANY))
        .listenPeers(List.of(ANY));
  }

  /** The members of one cluster, each in its own directory below. */
  static List<ServerSettings> cluster(Path root, int members) throws IOException {
    Map<String, List<HostPort>> peers = new TreeMap<>();
    for (int port : FreePorts.choose(members)) {
      peers.put("m" + peers.size(), List.of(new HostPort("127.0.0.1", port)));
    }
    List<ServerSettings> settings = new ArrayList<>();
    peers.forEach(
        (name, own) ->
            settings.add(
                alone(root.resolve(name))
                    .name(name)
                    .listenPeers(own)
                    .initialCluster(peers)
                    .build()));
    return settings;
  }

  /** Where clients reach a server. */
  static HostPort address(BalsaServer server) {
    return new HostPort("127.0.0.1", server.clientAddress().getPort());
  }
}
