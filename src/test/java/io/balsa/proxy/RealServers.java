package io.balsa.proxy;

import static io.balsa.host.Until.until;

import io.balsa.access.Access;
import io.balsa.api.EtcdServer;
import io.balsa.api.EtcdServerConfig;
import io.balsa.api.ServerMetrics;
import io.balsa.bytes.HostPort;
import io.balsa.engine.RocksEngines;
import io.balsa.host.DataDirectory;
import io.balsa.host.FreePorts;
import io.balsa.host.GrpcNetwork;
import io.balsa.host.RealHost;
import io.balsa.login.TokenScheme;
import io.balsa.model.Member;
import io.balsa.node.Node;
import io.balsa.node.NodeConfig;
import io.balsa.raft.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Three real servers in this process. */
final class RealServers implements AutoCloseable {
  private final Path root;
  private final List<Member> members = new ArrayList<>();
  private final Map<Long, Running> running = new TreeMap<>();

  private record Running(DataDirectory directory, Node node, EtcdServer clients) {}

  RealServers() throws Exception {
    root = Files.createTempDirectory(Path.of("target"), "real-servers");
    List<String> urls =
        FreePorts.choose(6).stream().map(port -> "http://127.0.0.1:" + port).toList();
    for (int i = 0; i < 3; i++) {
      long id = i + 1L;
      List<String> peer = List.of(urls.get(2 * i));
      List<String> client = List.of(urls.get(2 * i + 1));
      members.add(new Member(id, "m" + id, peer, client, false, 0));
    }
    for (Member member : members) {
      start(member.id());
    }
  }

  private Member member(long id) {
    return members.get((int) id - 1);
  }

  private static HostPort peerAddress(Member member) {
    return HostPort.parse(member.peerUrls().getFirst());
  }

  private static HostPort clientAddress(Member member) {
    return HostPort.parse(member.clientUrls().getFirst());
  }

  List<HostPort> addresses() {
    return members.stream().map(RealServers::clientAddress).toList();
  }

  void start(long id) throws Exception {
    Path data = root.resolve("m" + id);
    DataDirectory directory = DataDirectory.open(data);
    RealHost host =
        new RealHost(
            directory.disk(),
            new GrpcNetwork(List.of(peerAddress(member(id)))),
            reason -> System.err.println("halted: " + reason));
    ServerMetrics metrics = new ServerMetrics();
    Node node = Node.start(config(id), host, new RocksEngines(data), metrics);
    HostPort listen = clientAddress(member(id));
    EtcdServer clients =
        EtcdServer.start(
            EtcdServerConfig.of(new InetSocketAddress(listen.host(), listen.port()))
                .withAccess(Access.Settings.of(new TokenScheme.Simple(TokenScheme.DEFAULT_TTL), 4)),
            node,
            metrics);
    running.put(id, new Running(directory, node, clients));
  }

  private NodeConfig config(long id) {
    return NodeConfig.of(77, new NodeConfig.Self(id, "m" + id, member(id).clientUrls()), members)
        .withSegmentBytes(1 << 20)
        .withStall(TimeUnit.SECONDS.toNanos(5));
  }

  /** The leader's id; 0 for none. */
  long leader() {
    for (Map.Entry<Long, Running> each : running.entrySet()) {
      if (each.getValue().node().status().raft().role() == Role.LEADER) {
        return each.getKey();
      }
    }
    return 0;
  }

  /** Waits for a leader; its id. */
  long untilOneLeads() throws Exception {
    AtomicLong found = new AtomicLong();
    until(() -> found.updateAndGet(_ -> leader()) != 0);
    return found.get();
  }

  /** Stops a server. Its clients are cut off before it transfers the leadership. */
  void stop(long id) throws IOException, InterruptedException {
    Running ending = running.remove(id);
    if (ending != null) {
      ending.clients().drain(Duration.ZERO);
      CountDownLatch stopped = new CountDownLatch(1);
      ending.node().stop(stopped::countDown);
      if (!stopped.await(10, TimeUnit.SECONDS)) {
        throw new AssertionError("server " + id + " did not stop");
      }
      ending.clients().stop();
      ending.directory().close();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      for (long id : List.copyOf(running.keySet())) {
        stop(id);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
