package io.balsa.server;

import io.balsa.access.Access;
import io.balsa.api.EtcdServerConfig;
import io.balsa.bytes.HostPort;
import io.balsa.bytes.ProtocolLimits;
import io.balsa.duties.CompactionPolicy;
import io.balsa.logging.LogEvent;
import io.balsa.model.Member;
import io.balsa.model.RequestRules;
import io.balsa.node.NodeConfig;
import io.balsa.raft.RaftConfig;
import io.balsa.watch.WatchLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link ServerSettings}. Every method but {@link #build} sets one value and returns this
 * builder. Not for several threads at once.
 */
public final class ServerSettingsBuilder {
  private static final LogEvent HALTED =
      LogEvent.error(
          "io.balsa.server",
          "the server halted, because it could break a guarantee",
          "remove the cause, then start it again");

  private static final long QUOTA_DEFAULT = 2L << 30;

  /** As in etcd, a request may take 5 s and two election timeouts. */
  private static final long REQUEST_MILLIS = 5_000;

  private String name = "default";
  private @Nullable Path dataDirectory;
  private Map<String, List<HostPort>> initialCluster = Map.of();
  private String token = "etcd-cluster";
  private List<HostPort> advertiseClients = List.of();
  private List<HostPort> advertisePeers = List.of();
  private Duration heartbeatInterval = Duration.ofMillis(100);
  private Duration electionTimeout = Duration.ofSeconds(1);
  private Duration diskStallTimeout = Duration.ofSeconds(1);
  private long snapshotCount = 1_000_000;
  private long logRetentionBytes = 128L << 20;
  private long quotaBytes;
  private long diskReserveBytes;
  private CompactionPolicy compaction = keeping(Duration.ofHours(1));

  boolean existing;
  List<HostPort> listenClients = List.of(new HostPort("localhost", 2379));
  List<HostPort> listenPeers = List.of(new HostPort("localhost", 2380));
  ClientPorts clientPorts = ClientPorts.DEFAULT;
  TlsSettings clientTls = TlsSettings.NONE;
  Access.Settings access = Access.Settings.DEFAULT;
  TlsSettings peerTls = TlsSettings.NONE;
  int maxRequestBytes = ProtocolLimits.REQUEST_BYTES;
  long maxResponseBytes;
  int maxTxnOps = RequestRules.MAX_TXN_OPS;
  int heapPercent = EtcdServerConfig.HEAP_PERCENT;
  Duration watchProgressInterval = EtcdServerConfig.WATCH_PROGRESS;
  Duration closeTimeout = Duration.ofSeconds(30);
  Duration slowApply = Duration.ofMillis(100);
  Consumer<String> onHalt = reason -> HALTED.log("reason", reason);

  ServerSettingsBuilder() {}

  /** The server's name, unique in its cluster; etcd's {@code --name}. Default: "default". */
  public ServerSettingsBuilder name(String value) {
    name = value;
    return this;
  }

  /**
   * The directory that holds everything that the server stores; etcd's {@code --data-dir}. It is
   * made with mode 0700 when it is missing. Default: {@code NAME.balsa} in the working directory.
   */
  public ServerSettingsBuilder dataDirectory(Path value) {
    dataDirectory = value;
    return this;
  }

  /**
   * Whether the data directory must hold data; etcd's {@code --initial-cluster-state=existing}.
   * Default: false.
   */
  public ServerSettingsBuilder existing(boolean value) {
    existing = value;
    return this;
  }

  /**
   * Where to listen for clients; port 0 takes a free one. etcd's {@code --listen-client-urls}.
   * Default: localhost:2379.
   */
  public ServerSettingsBuilder listenClients(List<HostPort> values) {
    listenClients = List.copyOf(values);
    return this;
  }

  /**
   * Where to listen for the other servers; etcd's {@code --listen-peer-urls}. Default:
   * localhost:2380.
   */
  public ServerSettingsBuilder listenPeers(List<HostPort> values) {
    listenPeers = List.copyOf(values);
    return this;
  }

  /**
   * Where clients reach this server; etcd's {@code --advertise-client-urls}. Default, and for an
   * empty list: where it listens for clients.
   */
  public ServerSettingsBuilder advertiseClients(List<HostPort> values) {
    advertiseClients = List.copyOf(values);
    return this;
  }

  /** More about how the server serves its clients. Default: {@link ClientPorts#DEFAULT}. */
  public ServerSettingsBuilder clientPorts(ClientPorts value) {
    clientPorts = value;
    return this;
  }

  /** How clients log in, and the audit trail. Default: {@link Access.Settings#DEFAULT}. */
  public ServerSettingsBuilder access(Access.Settings value) {
    access = value;
    return this;
  }

  /** TLS at the addresses for clients that say so. Default: none. */
  public ServerSettingsBuilder clientTls(TlsSettings value) {
    clientTls = value;
    return this;
  }

  /** TLS between servers, at the peer addresses that say so. Default: none. */
  public ServerSettingsBuilder peerTls(TlsSettings value) {
    peerTls = value;
    return this;
  }

  /**
   * Where the other servers reach this one; etcd's {@code --initial-advertise-peer-urls}. Default,
   * and for an empty list: where it listens for peers.
   */
  public ServerSettingsBuilder advertisePeers(List<HostPort> values) {
    advertisePeers = List.copyOf(values);
    return this;
  }

  /**
   * All members of the cluster by name, with the peer addresses of each, the same on every server;
   * etcd's {@code --initial-cluster}. Used only while the data directory is empty. Default: this
   * server alone.
   */
  public ServerSettingsBuilder initialCluster(Map<String, List<HostPort>> peersByName) {
    initialCluster = new TreeMap<>(peersByName);
    return this;
  }

  /**
   * Keeps clusters at the same addresses apart; etcd's {@code --initial-cluster-token}. Default:
   * "etcd-cluster".
   */
  public ServerSettingsBuilder initialClusterToken(String value) {
    token = value;
    return this;
  }

  /**
   * The time between a leader's heartbeats, at least 10 ms, in steps of 10 ms; etcd's {@code
   * --heartbeat-interval}. Default: 100 ms.
   */
  public ServerSettingsBuilder heartbeatInterval(Duration value) {
    heartbeatInterval = value;
    return this;
  }

  /**
   * A follower that hears no leader for this time starts an election; at least five heartbeat
   * intervals, at most 50 s, in steps of 10 ms. etcd's {@code --election-timeout}. Default: 1 s.
   */
  public ServerSettingsBuilder electionTimeout(Duration value) {
    electionTimeout = value;
    return this;
  }

  /**
   * A leader whose log write takes longer than this gives up its leadership; at least 10 ms.
   * Default: 1 s.
   */
  public ServerSettingsBuilder diskStallTimeout(Duration value) {
    diskStallTimeout = value;
    return this;
  }

  /**
   * How many applied log entries to keep for followers that lag; etcd's {@code --snapshot-count}.
   * The smaller of this and {@link #logRetentionBytes} counts. Default: 1,000,000.
   */
  public ServerSettingsBuilder snapshotCount(long value) {
    snapshotCount = value;
    return this;
  }

  /** How many bytes of applied log to keep for followers that lag. Default: 128 MiB. */
  public ServerSettingsBuilder logRetentionBytes(long value) {
    logRetentionBytes = value;
    return this;
  }

  /**
   * The store size in bytes at which puts are refused; etcd's {@code --quota-backend-bytes}. 0
   * stands for 2 GiB, less than 0 for no quota. Default: 0.
   */
  public ServerSettingsBuilder quotaBytes(long value) {
    quotaBytes = value;
    return this;
  }

  /**
   * The free bytes of the disk below which puts are refused. 0 stands for a quarter of the disk, at
   * least 64 MiB and at most 256 MiB; less than 0 for no reserve. Default: 0.
   */
  public ServerSettingsBuilder diskReserveBytes(long value) {
    diskReserveBytes = value;
    return this;
  }

  /**
   * Compacts revisions that were superseded longer ago than this, in whole milliseconds; zero keeps
   * all. etcd's {@code --auto-compaction-mode=periodic}. Default: one hour.
   */
  public ServerSettingsBuilder keepHistory(Duration value) {
    compaction = keeping(value);
    return this;
  }

  /**
   * Compacts all but the newest revisions; zero keeps all. etcd's {@code
   * --auto-compaction-mode=revision}.
   */
  public ServerSettingsBuilder keepRevisions(long count) {
    compaction = policy(CompactionPolicy.Mode.REVISION, count);
    return this;
  }

  private static CompactionPolicy keeping(Duration time) {
    return policy(CompactionPolicy.Mode.PERIODIC, time.toMillis());
  }

  private static CompactionPolicy policy(CompactionPolicy.Mode mode, long retention) {
    return retention <= 0 ? CompactionPolicy.OFF : new CompactionPolicy(mode, retention);
  }

  /**
   * The largest request in bytes, at most 6 MiB; etcd's {@code --max-request-bytes}. Default: 1.5
   * MiB.
   */
  public ServerSettingsBuilder maxRequestBytes(int value) {
    maxRequestBytes = value;
    return this;
  }

  /** The largest answer to one request in bytes; 0 for a sixteenth of the heap. Default: 0. */
  public ServerSettingsBuilder maxResponseBytes(long value) {
    maxResponseBytes = value;
    return this;
  }

  /**
   * Refuses large reads while what survives a collection fills more than this part of the heap's
   * old part; in percent, 0 for never. Default: 85.
   */
  public ServerSettingsBuilder heapPercent(int value) {
    heapPercent = value;
    return this;
  }

  /**
   * The most operations in a transaction; etcd's {@code --max-txn-ops}. Default: 128, and the same
   * on every server of a cluster.
   */
  public ServerSettingsBuilder maxTxnOps(int value) {
    maxTxnOps = value;
    return this;
  }

  /**
   * How often an idle watch that asks for progress notifications gets one; at least 100 ms. etcd's
   * {@code --watch-progress-notify-interval}. Default: 10 minutes.
   */
  public ServerSettingsBuilder watchProgressInterval(Duration value) {
    watchProgressInterval = SettingsRules.bounded(value);
    return this;
  }

  /**
   * Applying entries is logged when it takes longer; etcd's {@code --warning-apply-duration}. 0 or
   * less for none. Default: 100 ms.
   */
  public ServerSettingsBuilder slowApply(Duration value) {
    slowApply = value;
    return this;
  }

  /**
   * How long {@link BalsaServer#close} waits for the store and the log to be closed, after
   * leadership was handed over and the clients were answered. Default: 30 s.
   */
  public ServerSettingsBuilder closeTimeout(Duration value) {
    closeTimeout = SettingsRules.bounded(value);
    return this;
  }

  /**
   * Gets one line for the operator when the server halts because it must not go on, for example
   * after a failed write of the log. Its data directory is as after a crash. The handler may end
   * the process. Otherwise it returns soon, and the server ends its lanes; close the server then,
   * on another thread. Called once at most, on a thread of the server. Default: the line is logged
   * as an error.
   */
  public ServerSettingsBuilder onHalt(Consumer<String> handler) {
    onHalt = handler;
    return this;
  }

  /**
   * Checks the values against each other, as etcd does.
   *
   * @throws BadSettings with one line about the first value that is wrong
   */
  public ServerSettings build() {
    SettingsRules.checkName(name);
    Path directory = dataDirectory == null ? Path.of(name + ".balsa") : dataDirectory;
    SettingsRules.checkDataDirectory(directory);
    SettingsRules.checkTimes(heartbeatInterval, electionTimeout, diskStallTimeout);
    SettingsRules.checkCounts(snapshotCount, logRetentionBytes);
    SettingsRules.checkRequests(maxRequestBytes, maxResponseBytes, maxTxnOps);
    SettingsRules.checkHeap(heapPercent);
    SettingsRules.checkWatchProgress(watchProgressInterval);
    SettingsRules.checkListening(listenClients, listenPeers, clientPorts);
    SettingsRules.checkGrpc(clientPorts);
    TlsRulesCheck.check(clientTls, peerTls, clientPorts.allWith(listenClients), listenPeers);
    return new ServerSettings(this, directory, node());
  }

  private NodeConfig node() {
    List<String> clients =
        SettingsRules.advertisedClients(advertiseClients, listenClients, clientPorts);
    List<HostPort> peers =
        SettingsRules.advertised("--initial-advertise-peer-urls", advertisePeers, listenPeers);
    InitialCluster cluster =
        InitialCluster.of(initialCluster.isEmpty() ? Map.of(name, peers) : initialCluster, token);
    Member self = cluster.self(name, peers);
    int tickMillis = SettingsRules.TICK_MILLIS;
    long electionMillis = electionTimeout.toMillis();
    return NodeConfig.of(
            cluster.clusterId(), new NodeConfig.Self(self.id(), name, clients), cluster.members())
        .withRaft(
            RaftConfig.defaults(self.id())
                .withTicks(
                    (int) electionMillis / tickMillis,
                    (int) heartbeatInterval.toMillis() / tickMillis))
        .withRetainBytes(logRetentionBytes)
        .withRetainEntries(snapshotCount)
        .withRequestTimeout(TimeUnit.MILLISECONDS.toNanos(REQUEST_MILLIS + 2 * electionMillis))
        .withStall(diskStallTimeout.toNanos())
        .withQuota(quotaBytes == 0 ? QUOTA_DEFAULT : Math.max(0, quotaBytes))
        .withCompaction(compaction)
        .withWatchLimits(WatchLimits.ofHeap(Runtime.getRuntime().maxMemory()))
        .withDiskReserve(diskReserveBytes);
  }
}
