package io.balsa.server;

import io.balsa.api.EtcdServer;
import io.balsa.api.EtcdServerConfig;
import io.balsa.api.ServerMetrics;
import io.balsa.bytes.HostPort;
import io.balsa.engine.RocksEngines;
import io.balsa.front.FrontFailure;
import io.balsa.front.UnixSockets;
import io.balsa.host.DataDirectory;
import io.balsa.host.GrpcNetwork;
import io.balsa.logging.LogEvent;
import io.balsa.node.Node;
import io.balsa.node.NodeConfig;
import io.balsa.node.StartupFailure;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** The data directory, the machine and the store engines of one server, and how they end. */
final class ServerParts {
  private static final LogEvent IN_USE =
      LogEvent.warn(
          "io.balsa.server",
          "a disk operation does not end: the data directory stays in use",
          "end the process before the data directory is used again; check the disk");

  private static final LogEvent NOT_RELEASED =
      LogEvent.warn(
          "io.balsa.server",
          "the data directory cannot be released",
          "end the process before the data directory is used again");

  private static final Duration STOP = Duration.ofMillis(2_500);
  private static final long END_MILLIS = 2_000;

  private final DataDirectory directory;
  private final ServerHost host;
  private final ClosableEngines engines;
  private final SecurePorts tls;

  private ServerParts(
      DataDirectory directory, ServerHost host, ClosableEngines engines, SecurePorts tls) {
    this.directory = directory;
    this.host = host;
    this.engines = engines;
    this.tls = tls;
  }

  /** Takes the data directory, once its disk has room and the ports are free. */
  static ServerParts open(
      ServerSettings settings,
      DescriptorShares shares,
      ServerMetrics metrics,
      BooleanSupplier cancelled)
      throws IOException, ServerFailure, FrontFailure {
    DataDirectory directory = DataDirectory.open(settings.dataDirectory());
    boolean opened = false;
    try {
      DiskWait.until(directory.disk(), settings.node().space().diskReserveBytes(), cancelled);
      FreeAddresses.tryAll(settings.listenClients(), "clients");
      for (HostPort socket : settings.clientPorts().sockets()) {
        UnixSockets.makeRoom(UnixDomainSocketAddress.of(socket.path()));
      }
      FreeAddresses.tryAll(settings.clientPorts().http(), "HTTP clients");
      FreeAddresses.tryAll(settings.clientPorts().metrics(), "metrics");
      FreeAddresses.tryAll(settings.listenPeers(), "peers");
      SecurePorts tls = SecurePorts.open(settings, directory.path().resolve("fixtures"));
      metrics.show(tls.sources());
      GrpcNetwork network = new GrpcNetwork(settings.listenPeers(), tls.peers());
      ServerHost host =
          new ServerHost(directory.disk(), network, settings.onHalt(), metrics::taskFailed);
      RocksEngines engines = new RocksEngines(directory.path(), shares.storeFiles());
      opened = true;
      return new ServerParts(directory, host, new ClosableEngines(engines), tls);
    } finally {
      if (!opened) {
        directory.close();
      }
    }
  }

  /** Starts the node and waits until it runs. */
  Node startNode(NodeConfig config, ServerMetrics metrics, BooleanSupplier cancelled)
      throws StartupFailure, ServerFailure {
    NodeStart start = new NodeStart(host, cancelled);
    Node.start(config, host, engines, metrics, start);
    return start.await();
  }

  /** Opens the client port; stops the node when that fails. */
  EtcdServer serve(EtcdServerConfig config, Node node, ServerMetrics metrics) throws FrontFailure {
    try {
      return EtcdServer.start(config, node, metrics);
    } catch (FrontFailure e) {
      await(stop(node), STOP);
      throw e;
    }
  }

  /** The TLS of the server. */
  SecurePorts tls() {
    return tls;
  }

  boolean isHalted() {
    return host.halted().isDone();
  }

  /** Begins the node's shutdown, after which the data directory is free for another server. */
  CompletableFuture<Void> stop(Node node) {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    node.stop(
        () -> {
          release();
          stopped.complete(null);
        });
    return stopped;
  }

  /** Waits until it is done, the limit has passed or the server has halted. */
  void await(CompletableFuture<Void> done, Duration limit) {
    CompletableFuture<Object> either = CompletableFuture.anyOf(done, host.halted());
    long deadline = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    boolean waits = true;
    while (waits) {
      try {
        var _ = either.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        waits = false;
      } catch (TimeoutException | ExecutionException _) {
        waits = false;
      } catch (InterruptedException _) {
        interrupted = true; // an interrupt must not leave the store open
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends what runs, without the node's own shutdown: the data directory is as after a crash. */
  void end() {
    host.end(END_MILLIS);
    if (host.isAtRest()) {
      engines.closeAll();
      release();
    } else {
      IN_USE.log();
    }
  }

  /** Ends what a failed start left: first as the node ends by itself, which closes the log. */
  void endFailedStart() {
    if (!isHalted()) {
      host.awaitRest(END_MILLIS);
    }
    end();
  }

  private void release() {
    tls.close();
    try {
      directory.close();
    } catch (IOException e) {
      NOT_RELEASED.log("error", String.valueOf(e.getMessage()));
    }
  }
}
