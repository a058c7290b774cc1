package io.balsa.cli;

import io.balsa.bytes.HostPort;
import io.balsa.model.Member;
import io.balsa.node.NodeConfig;
import io.balsa.raft.RaftConfig;
import io.balsa.watch.WatchLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What {@code server} was told, checked and complete. */
record ServerSettings(
    Path dataDir,
    boolean existing,
    List<HostPort> listenClients,
    List<HostPort> listenPeers,
    int maxRequestBytes,
    long maxResponseBytes,
    int maxTxnOps,
    Duration watchProgress,
    NodeConfig node) {
  private static final int SEGMENT_BYTES = 16 << 20;
  private static final long PENDING_BYTES_MAX = 32L << 20;
  private static final long QUOTA_DEFAULT = 2L << 30;

  /** etcd's: a request may take 5 s and two elections. */
  private static final long REQUEST_MILLIS = 5_000;

  private static final int TICK_MILLIS = 10;
  private static final int ELECTION_MILLIS_MAX = 50_000;

  private static final Duration WATCH_PROGRESS_LEAST = Duration.ofMillis(100);

  /** Checks the flags against each other as etcd does. */
  static ServerSettings of(ServerOptions flags) {
    checkName(flags.name);
    checkDataDir(flags.dataDir);
    checkTimes(flags);
    checkBounds(flags);
    checkWords(flags);
    List<HostPort> listenClients = Urls.list("--listen-client-urls", flags.listenClientUrls);
    List<HostPort> listenPeers = Urls.list("--listen-peer-urls", flags.listenPeerUrls);
    checkApart(listenClients, listenPeers);
    return new ServerSettings(
        Path.of(flags.dataDir == null ? flags.name + ".balsa" : flags.dataDir),
        flags.initialClusterState.equals("existing"),
        listenClients,
        listenPeers,
        flags.maxRequestBytes,
        flags.maxResponseBytes,
        flags.maxTxnOps,
        watchProgress(flags.watchProgressInterval),
        node(flags, listenClients, listenPeers));
  }

  private static NodeConfig node(
      ServerOptions flags, List<HostPort> listenClients, List<HostPort> listenPeers) {
    List<HostPort> clients =
        advertised("--advertise-client-urls", flags.advertiseClientUrls, listenClients);
    List<HostPort> peers =
        advertised("--initial-advertise-peer-urls", flags.advertisePeerUrls, listenPeers);
    String all =
        flags.initialCluster != null
            ? flags.initialCluster
            : flags.name + "=" + String.join("," + flags.name + "=", Urls.texts(peers));
    InitialCluster cluster = InitialCluster.parse(all, flags.initialClusterToken);
    Member self = cluster.self(flags.name, peers);
    return new NodeConfig(
            cluster.clusterId(),
            self.id(),
            flags.name,
            Urls.texts(clients),
            cluster.members(),
            RaftConfig.defaults(self.id())
                .withTicks(flags.electionMillis / TICK_MILLIS, flags.heartbeatMillis / TICK_MILLIS),
            SEGMENT_BYTES,
            flags.logRetentionBytes,
            flags.snapshotCount,
            PENDING_BYTES_MAX,
            TimeUnit.MILLISECONDS.toNanos(REQUEST_MILLIS + 2L * flags.electionMillis),
            TimeUnit.MILLISECONDS.toNanos(flags.diskStallMillis),
            quota(flags.quotaBytes),
            CompactionText.policy(flags.compactionMode, flags.compactionRetention))
        .with(WatchLimits.ofHeap(Runtime.getRuntime().maxMemory()))
        .withDiskReserve(flags.diskReserveBytes);
  }

  private static Duration watchProgress(String text) {
    Duration interval = GoDuration.parse("--watch-progress-notify-interval", text);
    if (interval.compareTo(WATCH_PROGRESS_LEAST) < 0) {
      throw new BadInput("--watch-progress-notify-interval: " + text + " is less than 100ms");
    }
    return interval;
  }

  private static long quota(long flag) {
    return flag == 0 ? QUOTA_DEFAULT : Math.max(0, flag);
  }

  private static List<HostPort> advertised(
      String flag, @Nullable String text, List<HostPort> listened) {
    List<HostPort> urls = text == null ? listened : Urls.list(flag, text);
    for (HostPort url : urls) {
      if (Urls.isWildcard(url)) {
        throw new BadInput(
            flag
                + (text == null ? " is needed, because " : ": ")
                + url.url()
                + " tells nobody where to connect; give the machine's own address");
      }
    }
    return urls;
  }

  private static void checkApart(List<HostPort> clients, List<HostPort> peers) {
    for (HostPort client : clients) {
      if (client.port() != 0 && peers.contains(client)) {
        throw new BadInput(
            "--listen-client-urls and --listen-peer-urls both name "
                + client.url()
                + "; clients and peers need a port each");
      }
    }
  }

  private static void checkDataDir(@Nullable String dataDir) {
    if (dataDir != null && dataDir.isEmpty()) {
      throw new BadInput("--data-dir: '' must not be empty");
    }
  }

  private static void checkName(String name) {
    if (name.isEmpty() || name.contains(",") || name.contains("=")) {
      throw new BadInput("--name: '" + name + "' must not be empty or hold ',' or '='");
    }
  }

  private static void checkTimes(ServerOptions flags) {
    atLeast("--heartbeat-interval", flags.heartbeatMillis, TICK_MILLIS);
    if (flags.electionMillis < 5 * flags.heartbeatMillis) {
      throw new BadInput(
          "--election-timeout of %d ms must be at least 5 times --heartbeat-interval of %d ms"
              .formatted(flags.electionMillis, flags.heartbeatMillis));
    }
    if (flags.electionMillis > ELECTION_MILLIS_MAX) {
      throw new BadInput(
          "--election-timeout of %d ms is longer than the %d ms allowed"
              .formatted(flags.electionMillis, ELECTION_MILLIS_MAX));
    }
    atLeast("--disk-stall-timeout", flags.diskStallMillis, TICK_MILLIS);
  }

  private static void checkBounds(ServerOptions flags) {
    atLeast("--snapshot-count", flags.snapshotCount, 1);
    atLeast("--log-retention-bytes", flags.logRetentionBytes, 0);
    atLeast("--max-request-bytes", flags.maxRequestBytes, 1);
    atLeast("--max-response-bytes", flags.maxResponseBytes, 0);
    atLeast("--max-txn-ops", flags.maxTxnOps, 1);
    if (flags.maxRequestBytes > MAX_REQUEST_BYTES_MAX) {
      throw new BadInput(
          "--max-request-bytes of %d is more than the %d that a message to a peer can carry"
              .formatted(flags.maxRequestBytes, MAX_REQUEST_BYTES_MAX));
    }
  }

  /** What fits into a frame to a peer with room to spare. */
  private static final int MAX_REQUEST_BYTES_MAX = 6 << 20;

  private static void checkWords(ServerOptions flags) {
    oneOf("--initial-cluster-state", flags.initialClusterState, List.of("new", "existing"));
    oneOf("--auto-compaction-mode", flags.compactionMode, List.of("periodic", "revision"));
  }

  private static void oneOf(String flag, String value, List<String> allowed) {
    if (!allowed.contains(value)) {
      throw new BadInput(flag + ": '" + value + "' is not one of " + String.join(", ", allowed));
    }
  }

  private static void atLeast(String flag, long value, long least) {
    if (value < least) {
      throw new BadInput(flag + ": " + value + " is less than " + least);
    }
  }
}
