package io.balsa.api;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.access.Access;
import io.balsa.budget.AnswerBudget;
import io.balsa.bytes.HostPort;
import io.balsa.bytes.ProtocolLimits;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.front.FrontFailure;
import io.balsa.host.DataDirectory;
import io.balsa.host.GrpcNetwork;
import io.balsa.host.RealHost;
import io.balsa.model.Member;
import io.balsa.node.Node;
import io.balsa.node.NodeConfig;
import io.balsa.node.StartupFailure;
import io.balsa.watch.WatchLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Balsa cluster of one server on a free port, with its log on disk and its store in memory. */
final class OneServer implements AutoCloseable {
  static final long ID = 0xabcd_ef01_2345_6789L;
  static final long CLUSTER = 77;

  /** The folder of the data; long comparisons with etcd may use a faster disk. */
  static final Path FOLDER = Path.of(System.getProperty("balsa.oracle.folder", "target"));

  static final int MAX_REQUEST_BYTES = ProtocolLimits.REQUEST_BYTES;

  private static final List<String> CLIENT_URLS = List.of("http://127.0.0.1:2379");
  private static final String PEER_URL = "http://127.0.0.1:0";

  final Node node;
  final EtcdServer server;
  private final DataDirectory directory;
  private final Path path;

  private OneServer(Node node, EtcdServer server, DataDirectory directory, Path path) {
    this.node = node;
    this.server = server;
    this.directory = directory;
    this.path = path;
  }

  static OneServer start() {
    return start(WatchLimits.DEFAULT);
  }

  /** A server with its own settings of users. */
  static OneServer start(Access.Settings access) {
    OneServer one =
        start(
            List.of(member(ID)),
            7_000_000_000L,
            WatchLimits.DEFAULT,
            AnswerBudget.ofProcess(),
            access);
    awaitLeader(one.node);
    return one;
  }

  static OneServer start(WatchLimits limits) {
    return start(limits, AnswerBudget.ofProcess());
  }

  /** A server with its own answer budget. */
  static OneServer start(AnswerBudget budget) {
    return start(WatchLimits.DEFAULT, budget);
  }

  private static OneServer start(WatchLimits limits, AnswerBudget budget) {
    OneServer one = start(List.of(member(ID)), 7_000_000_000L, limits, budget);
    awaitLeader(one.node);
    return one;
  }

  /** A server of a cluster of three whose peers never start. */
  static OneServer startAlone(long requestTimeoutNanos) {
    return start(
        List.of(member(ID), member(1), member(2)),
        requestTimeoutNanos,
        WatchLimits.DEFAULT,
        AnswerBudget.ofProcess());
  }

  private static OneServer start(
      List<Member> members, long requestTimeoutNanos, WatchLimits limits, AnswerBudget budget) {
    return start(members, requestTimeoutNanos, limits, budget, Access.Settings.DEFAULT);
  }

  private static OneServer start(
      List<Member> members,
      long requestTimeoutNanos,
      WatchLimits limits,
      AnswerBudget budget,
      Access.Settings access) {
    try {
      Path path = Files.createTempDirectory(FOLDER, "one-server-");
      DataDirectory directory = DataDirectory.open(path.resolve("data"));
      ServerMetrics metrics = new ServerMetrics();
      RealHost host =
          new RealHost(
              directory.disk(), new GrpcNetwork(List.of(HostPort.parse(PEER_URL))), _ -> {});
      Node node =
          Node.start(
              config(members, requestTimeoutNanos).withWatchLimits(limits),
              host,
              new MemoryEngines(new MemoryMedium()),
              metrics);
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      EtcdServer server =
          EtcdServer.start(EtcdServerConfig.of(address).withAccess(access), node, metrics, budget);
      return new OneServer(node, server, directory, path);
    } catch (IOException | StartupFailure | FrontFailure e) {
      throw new IllegalStateException("a server of one starts", e);
    }
  }

  private static Member member(long id) {
    String name = id == ID ? "one" : "";
    List<String> clientUrls = id == ID ? CLIENT_URLS : List.of();
    String peerUrl = id == ID ? PEER_URL : "http://127.0.0.1:" + id;
    return new Member(id, name, List.of(peerUrl), clientUrls, false, 0);
  }

  private static NodeConfig config(List<Member> members, long requestTimeoutNanos) {
    return NodeConfig.of(CLUSTER, new NodeConfig.Self(ID, "one", CLIENT_URLS), members)
        .withSegmentBytes(1 << 20)
        .withRequestTimeout(requestTimeoutNanos)
        .withStall(5_000_000_000L);
  }

  private static void awaitLeader(Node node) {
    until(() -> "a server of one leads", () -> node.status().leader() == ID);
  }

  /** The directory that holds all files of the server. */
  Path files() {
    return path;
  }

  int port() {
    return server.addresses().getFirst().getPort();
  }

  @Override
  public void close() {
    server.drain(Duration.ofMillis(200));
    CountDownLatch stopped = new CountDownLatch(1);
    node.stop(stopped::countDown);
    try {
      assertThat(stopped.await(10, TimeUnit.SECONDS)).as("the node stops").isTrue();
      server.stop();
      directory.close();
      delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
