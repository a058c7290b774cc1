package io.balsa.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom to trust: the authorities, and the revoked certificates. As in etcd, a certificate is
 * revoked when the list has its number, by any issuer.
 */
final class TlsTrust {
  /** Stands for a key exchange that is not known any more. */
  private static final String ANY = "UNKNOWN";

  private final X509ExtendedTrustManager paths;
  private final Set<BigInteger> revoked;

  private TlsTrust(X509ExtendedTrustManager paths, Set<BigInteger> revoked) {
    this.paths = paths;
    this.revoked = revoked;
  }

  /**
   * Trust in some authorities.
   *
   * @param authorities none for those that Java trusts
   * @param revoked the numbers of revoked certificates
   */
  static TlsTrust of(List<X509Certificate> authorities, Set<BigInteger> revoked)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store(authorities));
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager paths) {
        return new TlsTrust(paths, Set.copyOf(revoked));
      }
    }
    throw new GeneralSecurityException("this Java has no X.509 trust manager");
  }

  @SuppressWarnings("NullAway") // null stands for Java's own authorities
  private static KeyStore store(List<X509Certificate> authorities) throws GeneralSecurityException {
    if (authorities.isEmpty()) {
      return null;
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("authority-" + i, authorities.get(i));
    }
    return store;
  }

  X509ExtendedTrustManager paths() {
    return paths;
  }

  /** Checks an open connection's client again. */
  void checkClient(X509Certificate... chain) throws CertificateException {
    paths.checkClientTrusted(chain, ANY);
    checkNow(chain);
  }

  /** Checks an open connection's server again; the host was checked when it was opened. */
  void checkServer(X509Certificate... chain) throws CertificateException {
    paths.checkServerTrusted(chain, ANY);
    checkNow(chain);
  }

  /** Checks what a search for a path may leave out: a trusted certificate may have ended. */
  void checkNow(X509Certificate... chain) throws CertificateException {
    if (chain.length == 0) {
      throw new CertificateException("no certificate");
    }
    chain[0].checkValidity();
    for (X509Certificate each : Arrays.asList(chain)) {
      if (revoked.contains(each.getSerialNumber())) {
        throw new CertificateException(
            "certificate %s of %s is revoked"
                .formatted(each.getSerialNumber().toString(16), each.getSubjectX500Principal()));
      }
    }
  }
}
