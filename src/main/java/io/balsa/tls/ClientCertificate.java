package io.balsa.tls;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What is known of the client of a gRPC call by its verified certificate. */
public final class ClientCertificate {
  /**
   * The common name of the verified certificate; missing when the client showed none. A call of the
   * JSON gateway never has it, as in etcd.
   */
  public static final Attributes.Key<String> COMMON_NAME =
      Attributes.Key.create("balsa-client-common-name");

  private ClientCertificate() {}

  /** The common name in the certificate that a call's client showed; null for none. */
  public static @Nullable String nameOf(ServerCall<?, ?> call) {
    return call.getAttributes().get(COMMON_NAME);
  }

  /**
   * Whether the verified certificate of a call's client names one of some hosts.
   *
   * @return null when it does; otherwise one line about why not
   */
  public static @Nullable String missingHost(Attributes ofCall, List<String> hosts) {
    SSLSession session = ofCall.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return "the connection has no TLS";
    }
    X509Certificate[] chain = OpenConnections.chain(session);
    if (chain.length == 0) {
      return "there is no certificate";
    }
    if (hosts.stream().anyMatch(host -> CertificateHosts.names(chain[0], host))) {
      return null;
    }
    List<String> named = CertificateHosts.all(chain[0]);
    return "the certificate names %s and not %s"
        .formatted(
            named.isEmpty() ? "no host" : String.join(", ", named), String.join(" or ", hosts));
  }
}
