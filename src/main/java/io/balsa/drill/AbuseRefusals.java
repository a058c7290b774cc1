package io.balsa.drill;

import io.balsa.processes.ClusterSecurity;
import io.balsa.processes.InstrumentFailure;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the servers and the proxy have refused, by series of their metrics. */
final class AbuseRefusals {
  private static final List<String> NAMES =
      List.of(
          "balsa_requests_refused",
          "balsa_answers_refused",
          "balsa_unfinished_requests_refused",
          "balsa_connections_closed",
          "balsa_client_faults",
          "balsa_proxy_refused");

  private AbuseRefusals() {}

  /** The sums over all ports that answer; a series without a value is left out. */
  static Map<String, Long> at(ClusterSecurity security, List<Integer> ports) {
    Map<String, Long> sums = new TreeMap<>();
    for (int port : ports) {
      lines(security, port).stream()
          .filter(line -> isRefusal(line))
          .forEach(line -> sums.merge(series(line), value(line), Long::sum));
    }
    return sums;
  }

  private static List<String> lines(ClusterSecurity security, int port) {
    try {
      return ScrapedMetrics.of(security, port).lines();
    } catch (InstrumentFailure _) { // the process has ended, which another check reports
      return List.of();
    }
  }

  private static boolean isRefusal(String line) {
    return NAMES.stream().anyMatch(line::startsWith)
        || (line.startsWith("grpc_server_handled_total") && !line.contains("grpc_code=\"OK\""));
  }

  private static String series(String line) {
    return line.substring(0, line.lastIndexOf(' '));
  }

  private static long value(String line) {
    return (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }

  /** What was added since. */
  static Map<String, Long> since(Map<String, Long> before, Map<String, Long> now) {
    Map<String, Long> more = new TreeMap<>();
    now.forEach(
        (series, value) -> {
          long added = value - before.getOrDefault(series, 0L);
          if (added > 0) {
            more.put(series, added);
          }
        });
    return more;
  }
}
