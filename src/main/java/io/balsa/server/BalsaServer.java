package io.balsa.server;

import io.balsa.api.EtcdServer;
import io.balsa.api.EtcdServerConfig;
import io.balsa.api.ServerMetrics;
import io.balsa.bytes.HostPort;
import io.balsa.front.FrontFailure;
import io.balsa.front.FrontPort;
import io.balsa.host.DataDirectory;
import io.balsa.host.Descriptors;
import io.balsa.logging.LogEvent;
import io.balsa.node.Node;
import io.balsa.node.NodeConfig;
import io.balsa.node.StartupFailure;
import io.balsa.tls.ServerTls;
import io.balsa.tls.TlsHealth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A running server of a cluster: its data directory, its node, its ports for clients and peers.
 *
 * <pre>{@code
 * ServerSettings settings = ServerSettings.builder().dataDirectory(Path.of("data")).build();
 * try (BalsaServer server = BalsaServer.start(settings)) {
 *   System.out.println("clients connect to " + server.clientAddress());
 * }
 * }</pre>
 *
 * <p>A process may run any number of servers, each on its own data directory and ports. A server
 * never ends its process. When it must not go on, it halts and tells {@link
 * ServerSettingsBuilder#onHalt}. Every method may be called from any thread.
 */
public final class BalsaServer implements AutoCloseable {
  private static final LogEvent FEW_FILES =
      LogEvent.warn(
          "io.balsa.server",
          "this process may open few files",
          "raise the limit: ulimit -n, or LimitNOFILE of systemd");

  private static final LogEvent NOT_CLOSED =
      LogEvent.warn(
          "io.balsa.server",
          "the store and the log are not closed in time, they close later",
          "wait before the data directory is used again; check the disk");

  private static final Duration HAND_OVER = Duration.ofMillis(1_500);
  private static final Duration GRACE = Duration.ofMillis(500);

  private final ServerParts parts;
  private final Node node;
  private final EtcdServer clients;
  private final ServerSettings settings;
  private final AtomicBoolean closed = new AtomicBoolean();

  private BalsaServer(ServerParts parts, Node node, EtcdServer clients, ServerSettings settings) {
    this.parts = parts;
    this.node = node;
    this.clients = clients;
    this.settings = settings;
  }

  /**
   * Starts a server and returns when it takes requests. The start waits while the disk has no room,
   * and while a damaged log is repaired from other members; interrupt the thread to give up.
   *
   * @throws ServerFailure when the server cannot start; nothing of it runs then
   * @throws BadSettings when the data directory must hold data and does not
   */
  public static BalsaServer start(ServerSettings settings) throws ServerFailure {
    return start(settings, () -> false);
  }

  /**
   * As {@link #start(ServerSettings)}, with another way to give up.
   *
   * @param cancelled asked several times a second, while the start waits, whether to give up
   */
  public static BalsaServer start(ServerSettings settings, BooleanSupplier cancelled)
      throws ServerFailure {
    try {
      requireData(settings);
      DescriptorShares shares = shares(settings);
      return start(settings, shares, cancelled);
    } catch (StartupFailure e) {
      throw ServerFailure.of(settings.dataDirectory(), e);
    } catch (FrontFailure e) {
      throw ServerFailure.of(e);
    } catch (UncheckedIOException e) {
      throw ServerFailure.of(e);
    } catch (IOException e) {
      throw ServerFailure.of(e);
    } catch (ServerHost.Halted e) {
      throw new ServerFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Checks, before a start, that the data directory holds data if it must, and that the files for
   * TLS can be used.
   *
   * @throws ServerFailure when the directory cannot be read
   * @throws BadSettings when it must hold data and does not
   */
  public static void check(ServerSettings settings) throws ServerFailure {
    TlsRulesCheck.read(settings.clientTls(), settings.peerTls());
    try {
      requireData(settings);
    } catch (IOException e) {
      throw ServerFailure.of(e);
    }
  }

  private static void requireData(ServerSettings settings) throws IOException {
    Path directory = settings.dataDirectory();
    if (settings.existing() && !Files.isDirectory(directory)) {
      throw new BadSettings(
          "--initial-cluster-state=existing, but there is no data directory " + directory);
    }
    if (settings.existing() && !DataDirectory.holdsData(directory)) {
      throw new BadSettings(
          "--initial-cluster-state=existing, but the data directory %s holds no data: is its volume mounted?"
              .formatted(directory));
    }
  }

  private static DescriptorShares shares(ServerSettings settings) throws ServerFailure {
    NodeConfig node = settings.node();
    DescriptorShares shares =
        DescriptorShares.ofServer(
            Descriptors.limit(),
            Runtime.getRuntime().maxMemory(),
            node.retainBytes() / node.segmentBytes(),
            node.members().size());
    if (shares.areFew()) {
      FEW_FILES.log("shares", shares.line());
    }
    return shares;
  }

  private static BalsaServer start(
      ServerSettings settings, DescriptorShares shares, BooleanSupplier cancelled)
      throws IOException, StartupFailure, FrontFailure, ServerFailure {
    ServerMetrics metrics = new ServerMetrics(settings.slowApply());
    ServerParts parts = ServerParts.open(settings, shares, metrics, cancelled);
    boolean started = false;
    try (RealPorts ports = RealPorts.take(settings.listenClients())) {
      NodeConfig config = settings.node();
      List<String> urls = ports.in(config.clientUrls());
      Node node = parts.startNode(config.withClientUrls(urls), metrics, cancelled);
      ports.release();
      EtcdServer clients =
          parts.serve(clients(settings, ports.addresses(), shares, parts.tls()), node, metrics);
      started = true;
      return new BalsaServer(parts, node, clients, settings);
    } finally {
      if (!started) {
        parts.endFailedStart();
      }
    }
  }

  private static EtcdServerConfig clients(
      ServerSettings settings,
      List<HostPort> addresses,
      DescriptorShares shares,
      SecurePorts secure) {
    @Nullable ServerTls tls = secure.clients();
    ClientPorts ports = settings.clientPorts();
    List<HostPort> listen = new ArrayList<>(addresses);
    listen.addAll(ports.sockets());
    return new EtcdServerConfig(
        new EtcdServerConfig.Listening(
            places(listen, tls),
            places(ports.http(), tls),
            places(ports.metrics(), tls),
            ports.jsonGateway(),
            ports.access()),
        settings.maxRequestBytes(),
        settings.maxResponseBytes(),
        settings.maxTxnOps(),
        settings.node().space().quotaBytes(),
        settings.watchProgressInterval(),
        shares.connections(),
        ports.grpc(),
        ports.slowRequest(),
        settings.access(),
        secure::troubles,
        settings.heapPercent());
  }

  private static List<FrontPort.Place> places(List<HostPort> addresses, @Nullable ServerTls tls) {
    return addresses.stream()
        .map(each -> new FrontPort.Place(socketAddress(each), each.isSecure() ? tls : null))
        .toList();
  }

  private static SocketAddress socketAddress(HostPort address) {
    return address.isUnixSocket()
        ? UnixDomainSocketAddress.of(address.path())
        : new InetSocketAddress(address.host(), address.port());
  }

  /** How the files for TLS are, by what they are for: "clients" and "peers". Empty without TLS. */
  public Map<String, TlsHealth> tlsHealth() {
    return parts.tls().health();
  }

  /** The id of the cluster that the data belong to; unsigned. */
  public long clusterId() {
    return node.status().clusterId();
  }

  /** The server's member id; unsigned. */
  public long memberId() {
    return node.memberId();
  }

  /** The member id of the leader as far as this server knows; 0 when it knows none. */
  public long leader() {
    return node.leader();
  }

  /** The index of the last log entry that this server has applied; 0 when there is none. */
  public long appliedIndex() {
    return node.appliedIndex();
  }

  /** The term that the server is in. */
  public long term() {
    return node.term();
  }

  /**
   * Calls {@code done} once, on any thread, when the threads that replicate, apply, read and serve
   * clients have each run a task. A server that hangs or has halted never calls it.
   */
  public void prove(Runnable done) {
    clients.prove(() -> node.prove(done));
  }

  /** Where the server listens for clients, with the port that was taken where 0 was asked for. */
  public InetSocketAddress clientAddress() {
    return clientAddresses().getFirst();
  }

  /**
   * All internet addresses where the server listens for clients, in the order of the settings;
   * those of {@link ClientPorts#http} and {@link ClientPorts#metrics} are not among them.
   */
  public List<InetSocketAddress> clientAddresses() {
    return part(0, settings.listenClients());
  }

  /** The addresses of {@link ClientPorts#http} with their real ports. */
  public List<InetSocketAddress> httpAddresses() {
    return part(settings.listenClients().size(), settings.clientPorts().http());
  }

  /** The addresses of {@link ClientPorts#metrics} with their real ports. */
  public List<InetSocketAddress> metricsAddresses() {
    int before = settings.listenClients().size() + settings.clientPorts().http().size();
    return part(before, settings.clientPorts().metrics());
  }

  private List<InetSocketAddress> part(int before, List<HostPort> wanted) {
    return clients.addresses().subList(before, before + wanted.size());
  }

  /**
   * Ends the server: hands leadership over while it still answers, answers the requests under way,
   * closes the store and the log, and releases ports and data directory. Takes less than a second
   * as a rule, and at most some 3 s plus {@link ServerSettingsBuilder#closeTimeout}. A second call
   * does nothing.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    CompletableFuture<Void> moved = new CompletableFuture<>();
    node.moveLeader(0, _ -> moved.complete(null));
    parts.await(moved, HAND_OVER);
    clients.drain(GRACE);
    CompletableFuture<Void> stopped = parts.stop(node);
    parts.await(stopped, settings.closeTimeout());
    clients.stop();
    if (parts.isHalted()) {
      parts.end();
    } else if (!stopped.isDone()) {
      NOT_CLOSED.log("waited", settings.closeTimeout());
    }
  }
}
