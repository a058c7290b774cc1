package io.balsa.cli.settings;

import io.balsa.bytes.HostPort;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.GoDuration;
import io.balsa.front.GrpcLimits;
import io.balsa.front.HttpAccess;
import io.balsa.server.ClientPorts;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The flags of {@code server} about how it serves clients: etcd's names and defaults. */
final class ClientPortOptions {
  @Option(
      names = "--listen-client-http-urls",
      paramLabel = ServerOptions.URLS,
      description = "where to serve HTTP; --listen-client-urls serve gRPC alone then")
  String http = "";

  @Option(
      names = "--listen-metrics-urls",
      paramLabel = ServerOptions.URLS,
      description = "where to serve /metrics, /health, /livez and /readyz too")
  String metricsUrls = "";

  @Option(
      names = "--metrics",
      paramLabel = "basic|extensive",
      description = "both give etcd's extensive metrics (${DEFAULT-VALUE})")
  String metrics = "basic";

  @Option(
      names = "--enable-grpc-gateway",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "serve JSON under /v3/ (${DEFAULT-VALUE})")
  boolean jsonGateway = true;

  @Option(
      names = "--cors",
      paramLabel = "ORIGIN,...",
      description =
          "origins of web pages that may use JSON, such as http://h:8080; * for all (none)")
  String cors = "";

  @Option(
      names = "--host-whitelist",
      paramLabel = "HOST,...",
      description = "host names that HTTP requests may name; * for all (${DEFAULT-VALUE})")
  String hosts = "*";

  @Option(
      names = "--max-concurrent-streams",
      paramLabel = "N",
      description = "the most open calls of a connection (${DEFAULT-VALUE})")
  long streams = (1L << 32) - 1;

  @Option(
      names = "--grpc-keepalive-min-time",
      paramLabel = ServerOptions.TIME,
      description = "how often a client may ping at most (${DEFAULT-VALUE})")
  String pingLeast = "5s";

  @Option(
      names = "--grpc-keepalive-interval",
      paramLabel = ServerOptions.TIME,
      description = "after which silence the server pings a client; 0 for never (${DEFAULT-VALUE})")
  String ping = "2h";

  @Option(
      names = "--grpc-keepalive-timeout",
      paramLabel = ServerOptions.TIME,
      description = "how long an answer to its ping may take; 0 for no pings (${DEFAULT-VALUE})")
  String pingTimeout = "20s";

  @Option(
      names = {"--warning-unary-request-duration", "--experimental-warning-unary-request-duration"},
      paramLabel = ServerOptions.TIME,
      description = "log requests that take longer (${DEFAULT-VALUE})")
  String slowRequest = "300ms";

  /** The settings that the flags stand for. */
  ClientPorts settings(List<HostPort> sockets, List<HostPort> advertisedSockets) {
    if (streams < 1 || streams >= 1L << 32) {
      throw new BadInput(
          "--max-concurrent-streams: %d is not between 1 and %d"
              .formatted(streams, (1L << 32) - 1));
    }
    checkMetrics();
    return new ClientPorts(
        sockets,
        advertisedSockets,
        urls("--listen-client-http-urls", http),
        urls("--listen-metrics-urls", metricsUrls),
        jsonGateway,
        new HttpAccess(names(cors), names(hosts.isEmpty() ? "*" : hosts)),
        new GrpcLimits(
            (int) Math.min(streams, Integer.MAX_VALUE),
            GoDuration.parse("--grpc-keepalive-min-time", pingLeast),
            GoDuration.parse("--grpc-keepalive-interval", ping),
            GoDuration.parse("--grpc-keepalive-timeout", pingTimeout)),
        GoDuration.parse("--warning-unary-request-duration", slowRequest));
  }

  private static Set<String> names(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<HostPort> urls(String flag, String text) {
    return text.isEmpty() ? List.of() : Urls.list(flag, text);
  }

  /** etcd's alert rules ask for the histograms of gRPC calls, so they are always there. */
  private void checkMetrics() {
    if (!List.of("basic", "extensive", "").contains(metrics)) {
      throw new BadInput("--metrics: '" + metrics + "' is not one of basic, extensive");
    }
  }
}
