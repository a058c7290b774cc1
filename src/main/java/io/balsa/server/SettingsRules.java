package io.balsa.server;

import io.balsa.bytes.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What the values of {@link ServerSettings} must be, each by itself and together. */
final class SettingsRules {
  static final int TICK_MILLIS = 10;

  private static final int ELECTION_MILLIS_MAX = 50_000;
  private static final Duration WATCH_PROGRESS_LEAST = Duration.ofMillis(100);

  /** Such a request fits into a frame to a peer with room to spare. */
  private static final int MAX_REQUEST_BYTES_MAX = 6 << 20;

  private SettingsRules() {}

  static void checkName(String name) {
    if (name.isEmpty() || name.contains(",") || name.contains("=")) {
      throw new BadSettings("--name: '" + name + "' must not be empty or hold ',' or '='");
    }
  }

  static void checkDataDirectory(Path directory) {
    if (directory.toString().isEmpty()) {
      throw new BadSettings("--data-dir: '' must not be empty");
    }
  }

  static void checkTimes(Duration heartbeat, Duration election, Duration diskStall) {
    atLeast("--heartbeat-interval", heartbeat.toMillis(), TICK_MILLIS);
    if (election.compareTo(heartbeat.multipliedBy(5)) < 0) {
      throw new BadSettings(
          "--election-timeout of %d ms must be at least 5 times --heartbeat-interval of %d ms"
              .formatted(election.toMillis(), heartbeat.toMillis()));
    }
    if (election.toMillis() > ELECTION_MILLIS_MAX) {
      throw new BadSettings(
          "--election-timeout of %d ms is longer than the %d ms allowed"
              .formatted(election.toMillis(), ELECTION_MILLIS_MAX));
    }
    atLeast("--disk-stall-timeout", diskStall.toMillis(), TICK_MILLIS);
  }

  static void checkCounts(long snapshotCount, long logRetentionBytes) {
    atLeast("--snapshot-count", snapshotCount, 1);
    atLeast("--log-retention-bytes", logRetentionBytes, 0);
  }

  static void checkRequests(int maxRequestBytes, long maxResponseBytes, int maxTxnOps) {
    atLeast("--max-request-bytes", maxRequestBytes, 1);
    atLeast("--max-response-bytes", maxResponseBytes, 0);
    atLeast("--max-txn-ops", maxTxnOps, 1);
    if (maxRequestBytes > MAX_REQUEST_BYTES_MAX) {
      throw new BadSettings(
          "--max-request-bytes of %d is more than the %d that a message to a peer can carry"
              .formatted(maxRequestBytes, MAX_REQUEST_BYTES_MAX));
    }
  }

  static void checkWatchProgress(Duration interval) {
    if (interval.compareTo(WATCH_PROGRESS_LEAST) < 0) {
      throw new BadSettings(
          "--watch-progress-notify-interval: " + interval.toMillis() + "ms is less than 100ms");
    }
  }

  static void checkListening(List<HostPort> clients, List<HostPort> peers) {
    requireOne("--listen-client-urls", clients);
    requireOne("--listen-peer-urls", peers);
    for (HostPort client : clients) {
      if (client.port() != 0 && peers.contains(client)) {
        throw new BadSettings(
            "--listen-client-urls and --listen-peer-urls both name "
                + client.url()
                + "; clients and peers need a port each");
      }
    }
  }

  private static void requireOne(String flag, List<HostPort> addresses) {
    if (addresses.isEmpty()) {
      throw new BadSettings(flag + ": give at least one address");
    }
  }

  /** The addresses given; where none are given, those listened on. */
  static List<HostPort> advertised(String flag, List<HostPort> given, List<HostPort> listened) {
    List<HostPort> addresses = given.isEmpty() ? listened : given;
    for (HostPort address : addresses) {
      if (isWildcard(address)) {
        throw new BadSettings(
            flag
                + (given.isEmpty() ? " is needed, because " : ": ")
                + address.url()
                + " tells nobody where to connect; give the machine's own address");
      }
    }
    return addresses;
  }

  /** Whether it stands for every address of the machine. */
  private static boolean isWildcard(HostPort address) {
    return address.host().equals("0.0.0.0") || address.host().equals("::");
  }

  private static void atLeast(String flag, long value, long least) {
    if (value < least) {
      throw new BadSettings(flag + ": " + value + " is less than " + least);
    }
  }
}
