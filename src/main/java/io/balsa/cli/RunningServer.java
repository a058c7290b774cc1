package io.balsa.cli;

import io.balsa.api.EtcdServer;
import io.balsa.api.EtcdServerConfig;
import io.balsa.api.ServerMetrics;
import io.balsa.bytes.HostPort;
import io.balsa.engine.RocksEngines;
import io.balsa.front.FrontFailure;
import io.balsa.host.DataDirectory;
import io.balsa.host.Descriptors;
import io.balsa.host.GrpcNetwork;
import io.balsa.host.RealHost;
import io.balsa.node.Node;
import io.balsa.node.NodeConfig;
import io.balsa.node.StartupFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A server on this machine: its data directory, its node and its client port. */
final class RunningServer {
  private static final System.Logger LOG = System.getLogger("io.balsa");
  private static final long LOOK_MILLIS = 100;
  private static final Duration HAND_OVER = Duration.ofMillis(1_500);
  private static final Duration GRACE = Duration.ofMillis(500);
  private static final Duration STOP = Duration.ofMillis(2_500);

  private final DataDirectory directory;
  private final Node node;
  private final EtcdServer clients;

  private RunningServer(DataDirectory directory, Node node, EtcdServer clients) {
    this.directory = directory;
    this.node = node;
    this.clients = clients;
  }

  /**
   * Opens everything.
   *
   * @throws IOException when the data directory cannot be used
   * @throws StartupFailure when what is in it cannot be, or peers cannot be listened for
   * @throws FrontFailure when clients cannot be listened for
   */
  static RunningServer start(ServerSettings settings)
      throws IOException, StartupFailure, FrontFailure {
    return start(settings, () -> false);
  }

  /**
   * As {@link #start(ServerSettings)}, for as long as nobody wishes that it end: a server whose log
   * is damaged waits until others have helped it.
   */
  static RunningServer start(ServerSettings settings, BooleanSupplier ending)
      throws IOException, StartupFailure, FrontFailure {
    DescriptorShares shares = shares(settings);
    DataDirectory directory = DataDirectory.open(settings.dataDir());
    try {
      DiskWait.until(directory.disk(), settings.node().diskReserveBytes(), ending);
      FreeAddresses.tryAll(settings.listenClients(), "clients");
      FreeAddresses.tryAll(settings.listenPeers(), "peers");
      return start(settings, shares, directory, ending);
    } catch (StartupFailure | FrontFailure | IOException | UncheckedIOException e) {
      directory.close();
      throw e;
    }
  }

  private static DescriptorShares shares(ServerSettings settings) throws StartupFailure {
    NodeConfig node = settings.node();
    DescriptorShares shares =
        DescriptorShares.ofServer(
            Descriptors.limit(),
            Runtime.getRuntime().maxMemory(),
            node.retainBytes() / node.segmentBytes(),
            node.members().size());
    if (shares.areFew()) {
      LOG.log(Level.WARNING, shares.line());
    }
    return shares;
  }

  private static RunningServer start(
      ServerSettings settings,
      DescriptorShares shares,
      DataDirectory directory,
      BooleanSupplier ending)
      throws StartupFailure, FrontFailure {
    GrpcNetwork network = new GrpcNetwork(settings.listenPeers());
    ServerMetrics metrics = new ServerMetrics();
    RealHost host = RealHost.counting(directory.disk(), network, metrics::taskFailed);
    RocksEngines engines = new RocksEngines(settings.dataDir(), shares.storeFiles());
    Node node =
        started(starting -> Node.start(settings.node(), host, engines, metrics, starting), ending);
    try {
      EtcdServerConfig clients = clients(settings, shares);
      return new RunningServer(directory, node, EtcdServer.start(clients, node, metrics));
    } catch (FrontFailure e) {
      await(STOP, stopped -> node.stop(stopped::countDown));
      throw e;
    }
  }

  /** Waits until the server runs: at once, or when its damaged log is repaired. */
  private static Node started(Consumer<Node.Starting> start, BooleanSupplier ending)
      throws StartupFailure {
    CompletableFuture<Node> node = new CompletableFuture<>();
    start.accept(
        new Node.Starting() {
          @Override
          public void repairing(String damage) {
            LOG.log(Level.WARNING, damage);
          }

          @Override
          public void started(Node started) {
            node.complete(started);
          }

          @Override
          public void failed(StartupFailure failure) {
            node.completeExceptionally(failure);
          }
        });
    try {
      while (!ending.getAsBoolean()) {
        try {
          return node.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
          Thread.onSpinWait(); // it is being repaired: look again whether it shall end
        }
      }
      throw new StartupFailure("ended as asked, before its damaged log was repaired");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupFailure("interrupted before it ran", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StartupFailure failure
          ? failure
          : new StartupFailure(String.valueOf(e.getCause()), e);
    }
  }

  private static EtcdServerConfig clients(ServerSettings settings, DescriptorShares shares) {
    List<InetSocketAddress> listen =
        settings.listenClients().stream().map(RunningServer::socketAddress).toList();
    return new EtcdServerConfig(
        listen,
        settings.maxRequestBytes(),
        settings.maxResponseBytes(),
        settings.maxTxnOps(),
        settings.node().quotaBytes(),
        settings.watchProgress(),
        shares.connections());
  }

  private static InetSocketAddress socketAddress(HostPort address) {
    return new InetSocketAddress(address.host(), address.port());
  }

  /** The cluster that its data is of. */
  long clusterId() {
    return node.status().clusterId();
  }

  /** Where it takes clients. */
  InetSocketAddress clientAddress() {
    return clients.addresses().getFirst();
  }

  /**
   * Hands leadership over while it still answers, so that nobody is turned away, then answers what
   * is under way, then ends. Within 5 s.
   */
  void stop() throws IOException {
    await(HAND_OVER, moved -> node.moveLeader(0, _ -> moved.countDown()));
    clients.drain(GRACE);
    await(STOP, stopped -> node.stop(stopped::countDown));
    clients.stop();
    directory.close();
  }

  private interface Begun {
    void begin(CountDownLatch ended);
  }

  private static void await(Duration limit, Begun work) {
    CountDownLatch ended = new CountDownLatch(1);
    work.begin(ended);
    try {
      var _ = ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
