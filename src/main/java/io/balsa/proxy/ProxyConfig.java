package io.balsa.proxy;

import io.balsa.bytes.HostPort;
import io.balsa.routing.ReadPolicy;
import java.util.List;

/**
 * What a proxy is told at its start.
 *
 * @param endpoints where the cluster's servers listen for clients, at least one
 * @param listen where the proxy listens; port 0 takes a free one
 * @param advertise what the proxy calls its own addresses towards clients, as URLs; none for where
 *     it listens
 * @param readPolicy which server a read is sent to first
 * @param responseBytesMax the largest answer that is passed on; 0 for a sixteenth of the heap
 * @param connectionsMax how many connections clients may have
 */
public record ProxyConfig(
    List<HostPort> endpoints,
    HostPort listen,
    List<String> advertise,
    ReadPolicy readPolicy,
    int responseBytesMax,
    int connectionsMax) {
  private static final int CONNECTIONS_MAX = 10_000;

  /**
   * Checks what can be checked without a network.
   *
   * @throws IllegalArgumentException with one line saying what is wrong
   */
  public ProxyConfig {
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("no endpoints: name at least one server");
    }
    if (responseBytesMax < 0) {
      throw new IllegalArgumentException("--max-response-bytes: give a number of bytes, or 0");
    }
    if (listen.port() != 0 && endpoints.contains(listen)) {
      throw new IllegalArgumentException(
          "endpoint " + listen + " is the proxy's own address: name the servers' addresses");
    }
  }

  /** Listening at one address, with the default policy. */
  public static ProxyConfig of(List<HostPort> endpoints, HostPort listen) {
    return new ProxyConfig(endpoints, listen, List.of(), ReadPolicy.KEY, 0, CONNECTIONS_MAX);
  }
}
