package io.balsa.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Checks the certificates of servers. The host is one of the subject alternative names: Java would
 * take a common name for a host when there is no name of DNS.
 */
final class TrustedServers extends X509ExtendedTrustManager {
  private final TlsTrust trust;

  TrustedServers(TlsTrust trust) {
    this.trust = trust;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    trust.paths().checkServerTrusted(chain, type, engine);
    trust.checkNow(chain);
    if (CertificateHosts.all(chain[0]).isEmpty()) {
      throw new CertificateException(
          "the certificate of %s names no host: it has no subject alternative names"
              .formatted(chain[0].getSubjectX500Principal()));
    }
    checkHost(chain[0], engine.getPeerHost());
  }

  /** Java has checked the host, but by the common name if there are addresses alone. */
  private static void checkHost(X509Certificate own, @Nullable String host)
      throws CertificateException {
    if (host == null) {
      throw noHost();
    }
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    if (!CertificateHosts.names(own, bare)) {
      throw new CertificateException(
          "the certificate of %s does not name the host %s"
              .formatted(own.getSubjectX500Principal(), bare));
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw noHost();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw noHost();
  }

  /** A connection is checked with its host, or not at all. */
  private static CertificateException noHost() {
    return new CertificateException("the host of the server is not known");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw noClients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw noClients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw noClients();
  }

  private static CertificateException noClients() {
    return new CertificateException("a client checks servers alone");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trust.paths().getAcceptedIssuers();
  }
}
