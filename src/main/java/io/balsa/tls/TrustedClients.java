package io.balsa.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Checks the certificates of clients, during the handshake and later. */
final class TrustedClients extends X509ExtendedTrustManager {
  private final TlsTrust trust;
  private final TlsRules rules;

  TrustedClients(TlsTrust trust, TlsRules rules) {
    this.trust = trust;
    this.rules = rules;
  }

  /** Checks the client of an open connection again. */
  void check(X509Certificate... chain) throws CertificateException {
    trust.checkClient(chain);
    checkAllowed(chain[0]);
  }

  private void checkAllowed(X509Certificate own) throws CertificateException {
    String name = CertificateHosts.commonName(own);
    if (!rules.allowedNames().isEmpty() && name == null) {
      throw new CertificateException("the certificate has no common name, so it is not allowed");
    }
    if (!rules.allowedNames().isEmpty() && !rules.allowedNames().contains(name)) {
      throw new CertificateException("the common name '" + name + "' is not allowed");
    }
    if (!rules.allowedHosts().isEmpty()
        && rules.allowedHosts().stream().noneMatch(host -> CertificateHosts.names(own, host))) {
      throw new CertificateException(
          "the certificate of " + own.getSubjectX500Principal() + " names no allowed host");
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    trust.paths().checkClientTrusted(chain, type, engine);
    trust.checkNow(chain);
    checkAllowed(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    trust.paths().checkClientTrusted(chain, type, socket);
    trust.checkNow(chain);
    checkAllowed(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw noServers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw noServers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw noServers();
  }

  private static CertificateException noServers() {
    return new CertificateException("a server checks clients alone");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trust.paths().getAcceptedIssuers();
  }
}
