package io.balsa.server;

import io.balsa.access.Access;
import io.balsa.bytes.HostPort;
import io.balsa.node.NodeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * The settings of one server, checked and complete. The defaults are etcd's, where etcd has the
 * setting.
 *
 * <pre>{@code
 * ServerSettings settings =
 *     ServerSettings.builder()
 *         .name("a")
 *         .dataDirectory(Path.of("data", "a"))
 *         .listenClients(List.of(new HostPort("127.0.0.1", 2379)))
 *         .listenPeers(List.of(new HostPort("127.0.0.1", 2380)))
 *         .build();
 * }</pre>
 */
public final class ServerSettings {
  private final Path dataDirectory;
  private final boolean existing;
  private final List<HostPort> listenClients;
  private final List<HostPort> listenPeers;
  private final ClientPorts clientPorts;
  private final TlsSettings clientTls;
  private final Access.Settings access;
  private final TlsSettings peerTls;
  private final int maxRequestBytes;
  private final long maxResponseBytes;
  private final int maxTxnOps;
  private final int heapPercent;
  private final Duration watchProgressInterval;
  private final Duration closeTimeout;
  private final Duration slowApply;
  private final Consumer<String> onHalt;
  private final NodeConfig node;

  ServerSettings(ServerSettingsBuilder from, Path dataDirectory, NodeConfig node) {
    this.dataDirectory = dataDirectory;
    this.existing = from.existing;
    this.listenClients = from.listenClients;
    this.listenPeers = from.listenPeers;
    this.clientPorts = from.clientPorts;
    this.clientTls = from.clientTls;
    this.access = from.access;
    this.peerTls = from.peerTls;
    this.maxRequestBytes = from.maxRequestBytes;
    this.maxResponseBytes = from.maxResponseBytes;
    this.maxTxnOps = from.maxTxnOps;
    this.heapPercent = from.heapPercent;
    this.watchProgressInterval = from.watchProgressInterval;
    this.closeTimeout = from.closeTimeout;
    this.slowApply = from.slowApply;
    this.onHalt = from.onHalt;
    this.node = node;
  }

  /** Settings to be changed: those of a cluster of one server at etcd's default ports. */
  public static ServerSettingsBuilder builder() {
    return new ServerSettingsBuilder();
  }

  /** The server's name. */
  public String name() {
    return node.server().name();
  }

  /** The directory that holds everything that the server stores. */
  public Path dataDirectory() {
    return dataDirectory;
  }

  /** The addresses where the server listens for clients, as they were given. */
  public List<HostPort> listenClients() {
    return listenClients;
  }

  /** The addresses where the server listens for peers, as they were given. */
  public List<HostPort> listenPeers() {
    return listenPeers;
  }

  /** More about how the server serves its clients. */
  public ClientPorts clientPorts() {
    return clientPorts;
  }

  /** How clients log in, and what the audit trail records. */
  public Access.Settings access() {
    return access;
  }

  /** TLS for clients. */
  public TlsSettings clientTls() {
    return clientTls;
  }

  /** TLS between servers. */
  public TlsSettings peerTls() {
    return peerTls;
  }

  /** All addresses for clients, also for HTTP alone and for metrics, and the Unix sockets. */
  List<HostPort> allForClients() {
    return clientPorts.allWith(listenClients);
  }

  /** The server's member id; unsigned. */
  public long memberId() {
    return node.server().id();
  }

  /** The store size in bytes at which puts are refused; 0 for no quota. */
  public long quotaBytes() {
    return node.quotaBytes();
  }

  boolean existing() {
    return existing;
  }

  int maxRequestBytes() {
    return maxRequestBytes;
  }

  long maxResponseBytes() {
    return maxResponseBytes;
  }

  int maxTxnOps() {
    return maxTxnOps;
  }

  int heapPercent() {
    return heapPercent;
  }

  Duration watchProgressInterval() {
    return watchProgressInterval;
  }

  Duration closeTimeout() {
    return closeTimeout;
  }

  Duration slowApply() {
    return slowApply;
  }

  Consumer<String> onHalt() {
    return onHalt;
  }

  NodeConfig node() {
    return node;
  }
}
