package io.balsa.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.MethodDescriptor.MethodType;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts calls by the version that a client names in its metadata. Clients choose the text, so only
 * the first ones have a series of their own; the others share one.
 */
final class ClientVersions {
  private static final int VERSIONS_MAX = 20;
  private static final int BYTES_MAX = 32;

  private final Counter requests;
  private final Map<String, Version> versions = new ConcurrentHashMap<>();
  private final Version unknown;
  private volatile Version last;

  ClientVersions(MetricMaker make) {
    requests =
        make.counter(
            "etcd_server_client_requests_total",
            "Calls by the version that their client names",
            "type",
            "client_api_version");
    unknown = new Version(new byte[0], "unknown");
    last = unknown;
  }

  private final class Version {
    private final byte[] name;
    private final CounterDataPoint unary;
    private final CounterDataPoint stream;

    Version(byte[] name, String label) {
      this.name = name;
      unary = requests.labelValues("unary", label);
      stream = requests.labelValues("stream", label);
    }
  }

  /**
   * Counts a call.
   *
   * @param name the version in UTF-8; null when the client sent none
   */
  void count(byte @Nullable [] name, MethodType type) {
    Version version = version(name);
    (type == MethodType.UNARY ? version.unary : version.stream).inc();
  }

  private Version version(byte @Nullable [] name) {
    if (name == null) {
      return unknown;
    }
    Version recent = last;
    if (!Arrays.equals(recent.name, name)) {
      recent = find(name);
      last = recent;
    }
    return recent;
  }

  private Version find(byte[] name) {
    String label = new String(name, UTF_8);
    Version known = versions.get(label);
    if (known != null) {
      return known;
    }
    return versions.size() < VERSIONS_MAX && name.length <= BYTES_MAX
        ? versions.computeIfAbsent(label, text -> new Version(name, text))
        : unknown;
  }
}
