package io.balsa.server;

import io.balsa.bytes.HostPort;
import io.balsa.front.GrpcLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the values of {@link ServerSettings} must be, each by itself and together. */
final class SettingsRules {
  static final int TICK_MILLIS = 10;

  private static final int ELECTION_MILLIS_MAX = 50_000;
  private static final Duration WATCH_PROGRESS_LEAST = Duration.ofMillis(100);

  /** Such a request fits into a frame to a peer with room to spare. */
  private static final int MAX_REQUEST_BYTES_MAX = 6 << 20;

  /** A longer time is as good as for ever, and its nanoseconds must fit into a long. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private SettingsRules() {}

  /** The duration, or the longest that can be counted. */
  static Duration bounded(Duration value) {
    return value.compareTo(LONGEST) > 0 ? LONGEST : value;
  }

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

  static void checkHeap(int percent) {
    if (percent < 0 || percent > 100) {
      throw new BadSettings("--limit-heap-percent: " + percent + " is not between 0 and 100");
    }
  }

  static void checkWatchProgress(Duration interval) {
    if (interval.compareTo(WATCH_PROGRESS_LEAST) < 0) {
      throw new BadSettings(
          "--watch-progress-notify-interval: " + interval.toMillis() + "ms is less than 100ms");
    }
  }

  static void checkListening(List<HostPort> clients, List<HostPort> peers, ClientPorts more) {
    if (more.sockets().isEmpty()) {
      requireOne("--listen-client-urls", clients);
    }
    requireOne("--listen-peer-urls", peers);
    Map<String, List<HostPort>> all = new LinkedHashMap<>();
    all.put("--listen-client-urls", clients);
    all.put("--listen-peer-urls", peers);
    all.put("--listen-client-http-urls", more.http());
    all.put("--listen-metrics-urls", more.metrics());
    Map<HostPort, String> seen = new HashMap<>();
    all.forEach((flag, addresses) -> addresses.forEach(each -> checkOnce(seen, each, flag)));
  }

  private static void checkOnce(Map<HostPort, String> seen, HostPort address, String flag) {
    String other = address.port() == 0 ? null : seen.put(address.secured(false), flag);
    if (other != null && !other.equals(flag)) {
      throw new BadSettings(
          "%s and %s both name %s; give each a port of its own"
              .formatted(other, flag, address.url()));
    }
  }

  static void checkGrpc(ClientPorts ports) {
    GrpcLimits grpc = ports.grpc();
    atLeast("--max-concurrent-streams", grpc.streamsMax(), 1);
    notNegative("--grpc-keepalive-min-time", grpc.pingLeast());
    notNegative("--grpc-keepalive-interval", grpc.ping());
    notNegative("--grpc-keepalive-timeout", grpc.pingTimeout());
    notNegative("--warning-unary-request-duration", ports.slowRequest());
  }

  private static void notNegative(String flag, Duration value) {
    if (value.isNegative()) {
      throw new BadSettings(flag + ": " + value + " is less than 0s");
    }
  }

  private static void requireOne(String flag, List<HostPort> addresses) {
    if (addresses.isEmpty()) {
      throw new BadSettings(flag + ": give at least one address");
    }
  }

  /**
   * The URLs to advertise to clients. A wildcard with port 0, which only this machine can know, is
   * advertised as the loopback address.
   */
  static List<String> advertisedClients(
      List<HostPort> given, List<HostPort> listened, ClientPorts more) {
    boolean none = given.isEmpty() && more.advertisedSockets().isEmpty();
    List<HostPort> addresses = new ArrayList<>();
    for (HostPort address : none ? listened : given) {
      boolean local = isWildcard(address) && address.port() == 0;
      addresses.add(local ? new HostPort("127.0.0.1", 0, address.isSecure()) : address);
    }
    List<String> urls = new ArrayList<>();
    if (!addresses.isEmpty()) {
      List<HostPort> fit =
          advertised("--advertise-client-urls", none ? List.of() : addresses, addresses);
      fit.forEach(address -> urls.add(address.url()));
    }
    List<HostPort> sockets = none ? more.sockets() : more.advertisedSockets();
    sockets.forEach(socket -> urls.add(socket.url()));
    return urls;
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
