package io.balsa.proxy;

import io.balsa.bytes.HostPort;
import io.balsa.routing.ReadPolicy;
import io.balsa.tls.ClientTls;
import io.balsa.tls.ServerTls;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a proxy.
 *
 * @param endpoints the client addresses of the cluster's servers, at least one
 * @param listen the proxy's address; port 0 takes a free port
 * @param advertise the URLs of the proxy for its clients; empty to use the addresses where it
 *     listens
 * @param readPolicy which server gets a read first
 * @param responseBytesMax the largest answer, in bytes; 0 for a sixteenth of the heap
 * @param connectionsMax the most connections of clients
 * @param tls for clients; needed if the proxy's address says so
 * @param upstream TLS towards the servers, for those addresses that say so
 */
public record ProxyConfig(
    List<HostPort> endpoints,
    HostPort listen,
    List<String> advertise,
    ReadPolicy readPolicy,
    int responseBytesMax,
    int connectionsMax,
    @Nullable ServerTls tls,
    ClientTls upstream) {
  private static final int CONNECTIONS_MAX = 10_000;

  /**
   * Checks the settings, without the network.
   *
   * @throws IllegalArgumentException with one line that says what is wrong
   */
  public ProxyConfig {
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("no endpoints: name at least one server");
    }
    if (responseBytesMax < 0) {
      throw new IllegalArgumentException("--max-response-bytes: give a number of bytes, or 0");
    }
    if (listen.isSecure() && tls == null) {
      throw new IllegalArgumentException(
          "the proxy's address " + listen.url() + " needs --cert-file and --key-file");
    }
    if (listen.port() != 0
        && endpoints.stream().anyMatch(each -> each.secured(false).equals(listen.secured(false)))) {
      throw new IllegalArgumentException(
          "endpoint " + listen + " is the proxy's own address: name the servers' addresses");
    }
  }

  /** The default settings for these addresses. */
  public static ProxyConfig of(List<HostPort> endpoints, HostPort listen) {
    return new ProxyConfig(
        endpoints,
        listen,
        List.of(),
        ReadPolicy.KEY,
        0,
        CONNECTIONS_MAX,
        null,
        ClientTls.OF_SYSTEM);
  }
}
