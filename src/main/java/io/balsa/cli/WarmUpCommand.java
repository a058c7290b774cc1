package io.balsa.cli;

import io.balsa.bench.Bench;
import io.balsa.bench.WatchBench;
import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.front.FrontFailure;
import io.balsa.host.FreePorts;
import io.balsa.processes.Launch;
import io.balsa.processes.Playground;
import io.balsa.proxy.Proxy;
import io.balsa.proxy.ProxyConfig;
import io.balsa.server.BalsaServer;
import io.balsa.server.ServerFailure;
import io.balsa.server.ServerSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs servers, a proxy and clients for half a minute. A start-up cache made from this run holds
 * their classes and the profiles of their hot code. With {@code --commands} the servers are other
 * processes, so that a cache for short commands holds only what these use.
 */
@Command(
    name = "warm-up",
    hidden = true,
    description = "Runs servers and clients for half a minute, to train a start-up cache.")
final class WarmUpCommand implements Callable<Integer> {
  private static final int SERVERS = 3;
  private static final String LOOPBACK = "127.0.0.1";
  private static final int CLIENTS = 16;
  private static final int VALUE_BYTES = 256;
  private static final int KEYS = 1_000;
  private static final int WATCHERS = 100;
  private static final int WATCHED_PUTS_PER_SECOND = 500;
  private static final Duration BEFORE = Duration.ZERO;
  private static final Duration EACH = Duration.ofSeconds(3);

  private static final List<String> COMMANDS =
      List.of(
          "--version",
          "--help",
          "put a b",
          "get a",
          "get a --prefix -w json",
          "del a",
          "lease grant 60",
          "status");

  @Option(names = "--commands", description = "run short commands instead")
  private boolean commands;

  @Override
  public Integer call() throws IOException, ServerFailure, FrontFailure, RequestFailed {
    Path data = Files.createTempDirectory("balsa-warm-up");
    try {
      return commands ? runCommands(data) : runServers(data);
    } finally {
      delete(data);
    }
  }

  private static int runCommands(Path data) {
    int worst = 0;
    try (Playground cluster =
        Playground.start(new Playground.Plan(Launch.ofThisProcess(), data, 0), line -> {})) {
      for (String command : COMMANDS) {
        String endpoints = command.startsWith("-") ? "" : " --endpoints=" + cluster.proxyAddress();
        worst = Math.max(worst, Main.execute((command + endpoints).split(" ")));
      }
    }
    return worst;
  }

  private static int runServers(Path data)
      throws IOException, ServerFailure, FrontFailure, RequestFailed {
    List<BalsaServer> servers = start(data);
    List<HostPort> addresses =
        servers.stream().map(server -> hostPort(server.clientAddress())).toList();
    Proxy proxy = Proxy.start(ProxyConfig.of(addresses, new HostPort(LOOPBACK, 0)));
    use(addresses);
    use(List.of(hostPort(proxy.addresses().getFirst())));
    proxy.stop();
    for (BalsaServer server : servers) {
      server.close();
    }
    return 0;
  }

  private static List<BalsaServer> start(Path data) throws IOException, ServerFailure {
    Map<String, List<HostPort>> peers = new TreeMap<>();
    for (int port : FreePorts.choose(SERVERS)) {
      peers.put("m" + peers.size(), List.of(new HostPort(LOOPBACK, port)));
    }
    List<BalsaServer> servers = new ArrayList<>();
    for (String name : peers.keySet()) {
      servers.add(BalsaServer.start(settings(data, peers, name)));
    }
    return servers;
  }

  private static ServerSettings settings(
      Path data, Map<String, List<HostPort>> peers, String name) {
    return ServerSettings.builder()
        .name(name)
        .dataDirectory(data.resolve(name))
        .listenClients(List.of(new HostPort(LOOPBACK, 0)))
        .listenPeers(peers.getOrDefault(name, List.of()))
        .initialCluster(peers)
        .onHalt(HaltedProcess::end)
        .build();
  }

  private static HostPort hostPort(InetSocketAddress address) {
    return new HostPort(LOOPBACK, address.getPort());
  }

  private static void use(List<HostPort> addresses) throws RequestFailed {
    for (Bench.Kind kind : List.of(Bench.Kind.PUT, Bench.Kind.MIXED, Bench.Kind.TXN)) {
      Bench.run(
          new Bench.Plan(
              addresses,
              ClientSettings.DEFAULT,
              kind,
              CLIENTS,
              CLIENTS,
              BEFORE,
              EACH,
              VALUE_BYTES,
              KEYS),
          _ -> {});
    }
    WatchBench.run(
        new WatchBench.Plan(
            addresses,
            ClientSettings.DEFAULT,
            false,
            WATCHERS,
            SERVERS,
            WATCHED_PUTS_PER_SECOND,
            BEFORE,
            EACH,
            VALUE_BYTES,
            false,
            List.of()));
    try (EtcdCalls calls = EtcdCalls.open(addresses, Duration.ofSeconds(10))) {
      EtcdCalls.await(calls.status());
      EtcdCalls.await(calls.memberList());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
