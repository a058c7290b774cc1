package io.balsa.cli.settings;

import io.balsa.bytes.HostPort;
import io.balsa.bytes.ProtocolLimits;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.GoDuration;
import io.balsa.server.ServerSettings;
import io.balsa.server.ServerSettingsBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of {@code server}: etcd's names and, where possible, etcd's defaults. */
public final class ServerOptions {
  /** How the help names a list of URLs. */
  public static final String URLS = "URL[,URL]";

  /** Where a server listens for other servers by default. */
  public static final String PEER_URL = "http://localhost:2380";

  /** Marks the flags whose value is a {@link GoDuration}. */
  static final String TIME = "TIME";

  private static final long SNAPSHOT_COUNT = 1_000_000;

  private static final String WATCH_PROGRESS = "10m";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "this server's name, one of those in --initial-cluster (${DEFAULT-VALUE})")
  String name = "default";

  @Option(names = "--data-dir", paramLabel = "DIR", description = "the data directory (NAME.balsa)")
  @Nullable String dataDir;

  @Option(
      names = "--listen-client-urls",
      paramLabel = URLS,
      description = "where to listen for clients (${DEFAULT-VALUE})")
  String listenClientUrls = "http://localhost:2379";

  @Option(
      names = "--advertise-client-urls",
      paramLabel = URLS,
      description = "where clients reach this server (the listen URLs)")
  @Nullable String advertiseClientUrls;

  @Option(
      names = "--listen-peer-urls",
      paramLabel = URLS,
      description = "where to listen for the other servers (${DEFAULT-VALUE})")
  String listenPeerUrls = PEER_URL;

  @Option(
      names = "--initial-advertise-peer-urls",
      paramLabel = URLS,
      description = "where the other servers reach this one (the listen URLs)")
  @Nullable String advertisePeerUrls;

  @Option(
      names = "--initial-cluster",
      paramLabel = "NAME=URL,...",
      description = "all members with their peer URLs, the same on every server (this one alone)")
  @Nullable String initialCluster;

  @Option(
      names = "--initial-cluster-state",
      paramLabel = "new|existing",
      description = "'existing': the data directory must hold data (${DEFAULT-VALUE})")
  String initialClusterState = "new";

  @Option(
      names = "--initial-cluster-token",
      paramLabel = "TOKEN",
      description = "keeps clusters at the same addresses apart (${DEFAULT-VALUE})")
  String initialClusterToken = "etcd-cluster";

  @Option(
      names = "--heartbeat-interval",
      paramLabel = "MS",
      description = "milliseconds between a leader's heartbeats (${DEFAULT-VALUE})")
  int heartbeatMillis = 100;

  @Option(
      names = "--election-timeout",
      paramLabel = "MS",
      description =
          "milliseconds without a leader before a follower starts an election (${DEFAULT-VALUE})")
  int electionMillis = 1_000;

  @Option(
      names = "--snapshot-count",
      paramLabel = "N",
      description =
          "applied log entries to keep for followers that lag; 0 for the default"
              + " (${DEFAULT-VALUE})")
  long snapshotCount = SNAPSHOT_COUNT;

  @Option(
      names = "--log-retention-bytes",
      paramLabel = "BYTES",
      description = "bytes of applied log to keep for followers that lag (${DEFAULT-VALUE})")
  long logRetentionBytes = 128L << 20;

  @Option(
      names = "--quota-backend-bytes",
      paramLabel = "BYTES",
      description =
          "store size at which puts are refused; 0 for 2 GiB, less for none (${DEFAULT-VALUE})")
  long quotaBytes = 0;

  @Option(
      names = "--disk-reserve-bytes",
      paramLabel = "BYTES",
      description =
          "free disk at which puts are refused; 0 for a quarter of it, 256 MiB at most; less for"
              + " none (${DEFAULT-VALUE})")
  long diskReserveBytes = 0;

  @Option(
      names = "--auto-compaction-mode",
      paramLabel = "periodic|revision",
      description = "what --auto-compaction-retention counts: time or revisions (${DEFAULT-VALUE})")
  String compactionMode = "periodic";

  @Option(
      names = "--auto-compaction-retention",
      paramLabel = "TIME|N",
      description = "history to keep: hours or a time such as 30m, or revisions; 0 for all (1h)")
  @Nullable String compactionRetention;

  @Option(
      names = "--max-request-bytes",
      paramLabel = "BYTES",
      description = "the largest request (${DEFAULT-VALUE})")
  int maxRequestBytes = ProtocolLimits.REQUEST_BYTES;

  @Option(
      names = "--max-response-bytes",
      paramLabel = "BYTES",
      description = "the largest answer to one request (a sixteenth of the heap)")
  long maxResponseBytes = 0;

  @Option(
      names = "--max-txn-ops",
      paramLabel = "N",
      description = "the most operations in a transaction (${DEFAULT-VALUE})")
  int maxTxnOps = 128;

  @Option(
      names = {"--watch-progress-notify-interval", "--experimental-watch-progress-notify-interval"},
      paramLabel = TIME,
      description = "interval of progress notifications to idle watches (${DEFAULT-VALUE})")
  String watchProgressInterval = WATCH_PROGRESS;

  @Option(
      names = {"--warning-apply-duration", "--experimental-warning-apply-duration"},
      paramLabel = TIME,
      description = "log when applying entries takes longer; 0 for never (${DEFAULT-VALUE})")
  String slowApply = "100ms";

  @Option(
      names = "--disk-stall-timeout",
      paramLabel = "MS",
      description =
          "how long a write to disk may hang before a leader steps down (${DEFAULT-VALUE})")
  int diskStallMillis = 1_000;

  @Mixin ClientPortOptions ports = new ClientPortOptions();

  @Mixin TlsOptions tls = new TlsOptions();

  @Mixin PeerTlsOptions peerTls = new PeerTlsOptions();

  @Mixin AccessOptions access = new AccessOptions();

  @Mixin LimitOptions limits = new LimitOptions();

  /** The settings that the flags stand for. */
  public ServerSettingsBuilder settings() {
    oneOf("--initial-cluster-state", initialClusterState, List.of("new", "existing"));
    oneOf("--auto-compaction-mode", compactionMode, List.of("periodic", "revision"));
    ServerSettingsBuilder settings =
        ServerSettings.builder()
            .name(name)
            .existing(initialClusterState.equals("existing"))
            .initialClusterToken(initialClusterToken)
            .heartbeatInterval(Duration.ofMillis(heartbeatMillis))
            .electionTimeout(Duration.ofMillis(electionMillis))
            .diskStallTimeout(Duration.ofMillis(diskStallMillis))
            .snapshotCount(snapshotCount == 0 ? SNAPSHOT_COUNT : snapshotCount)
            .logRetentionBytes(logRetentionBytes)
            .quotaBytes(quotaBytes)
            .diskReserveBytes(diskReserveBytes)
            .maxRequestBytes(maxRequestBytes)
            .maxResponseBytes(maxResponseBytes)
            .maxTxnOps(maxTxnOps)
            .slowApply(GoDuration.parse("--warning-apply-duration", slowApply))
            .watchProgressInterval(
                watchProgress(
                    GoDuration.parse("--watch-progress-notify-interval", watchProgressInterval)));
    CompactionText.apply(settings, compactionMode, compactionRetention);
    if (dataDir != null) {
      settings.dataDirectory(Path.of(dataDir));
    }
    addAddresses(settings);
    settings.clientTls(tls.settings());
    settings.access(limits.of(access.settings()));
    settings.heapPercent(limits.heapPercent);
    settings.peerTls(peerTls.settings(tls));
    return settings;
  }

  /**
   * What is in force, by flag, where the flag is not given or stands for another value. Empty for
   * what the server takes from its machine, when it runs.
   *
   * @param built what {@link #settings()} has led to
   */
  public Map<String, Object> meant(ServerSettings built) {
    Map<String, Object> meant = new HashMap<>();
    meant.put("--data-dir", built.dataDirectory());
    meant.put("--snapshot-count", snapshotCount == 0 ? SNAPSHOT_COUNT : snapshotCount);
    meant.put("--quota-backend-bytes", quotaBytes == 0 ? built.quotaBytes() : quotaBytes);
    if (compactionRetention == null) {
      meant.put("--auto-compaction-retention", CompactionText.DEFAULT);
    }
    if (GoDuration.parse("--watch-progress-notify-interval", watchProgressInterval).isZero()) {
      meant.put("--watch-progress-notify-interval", WATCH_PROGRESS);
    }
    if (maxResponseBytes == 0) {
      meant.put("--max-response-bytes", "");
    }
    if (diskReserveBytes == 0) {
      meant.put("--disk-reserve-bytes", "");
    }
    return meant;
  }

  /** In etcd, 0s stands for the default. */
  private static Duration watchProgress(Duration given) {
    return given.isZero() ? GoDuration.parse("", WATCH_PROGRESS) : given;
  }

  private void addAddresses(ServerSettingsBuilder settings) {
    Urls.Mixed clients = Urls.mixed("--listen-client-urls", listenClientUrls);
    settings.listenClients(clients.addresses());
    settings.listenPeers(Urls.list("--listen-peer-urls", listenPeerUrls));
    List<HostPort> advertisedSockets = List.of();
    if (advertiseClientUrls != null) {
      Urls.Mixed advertised = Urls.mixed("--advertise-client-urls", advertiseClientUrls);
      settings.advertiseClients(advertised.addresses());
      advertisedSockets = advertised.sockets();
    }
    settings.clientPorts(ports.settings(clients.sockets(), advertisedSockets));
    if (advertisePeerUrls != null) {
      settings.advertisePeers(Urls.list("--initial-advertise-peer-urls", advertisePeerUrls));
    }
    if (initialCluster != null) {
      settings.initialCluster(Urls.byName("--initial-cluster", initialCluster));
    }
  }

  private static void oneOf(String flag, String value, List<String> allowed) {
    if (!allowed.contains(value)) {
      throw new BadInput(flag + ": '" + value + "' is not one of " + String.join(", ", allowed));
    }
  }
}
