package io.balsa.front;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The metrics that the board and the alert rules of {@code dist/monitoring} ask for. */
public final class MonitoringNames {
  private static final List<Path> FILES =
      List.of(
          Path.of("dist", "monitoring", "dashboard.json"),
          Path.of("dist", "monitoring", "rules.yml"));

  private static final Pattern NAME = Pattern.compile("\\b(?:etcd|grpc|process|balsa)_[a-z0-9_]+");

  private static final Set<String> LABELS =
      Set.of("grpc_type", "grpc_code", "grpc_service", "grpc_method");

  private MonitoringNames() {}

  /** All names, those of the proxy among them. */
  public static Set<String> all() throws IOException {
    Set<String> names = new TreeSet<>();
    for (Path file : FILES) {
      NAME.matcher(Files.readString(file)).results().map(MatchResult::group).forEach(names::add);
    }
    names.removeAll(LABELS);
    return names;
  }

  /** Whether a metric is one of the proxy. */
  public static boolean isOfProxy(String name) {
    return name.startsWith("balsa_proxy_");
  }
}
