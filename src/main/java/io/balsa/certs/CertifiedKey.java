package io.balsa.certs;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key, with the certificate of its public key.
 *
 * @param chain the certificate, then those of the authorities between it and the root, without the
 *     root
 */
public record CertifiedKey(PrivateKey key, List<X509Certificate> chain) {
  /** Keeps a copy of the list. */
  public CertifiedKey {
    chain = List.copyOf(chain);
  }

  /** The certificate of the key. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** The certificate alone. */
  public String certificatePem() {
    return Pem.text(certificate());
  }

  /** The certificate and those of the authorities between it and the root. */
  public String chainPem() {
    StringBuilder all = new StringBuilder();
    chain.forEach(each -> all.append(Pem.text(each)));
    return all.toString();
  }

  /** The private key in PKCS#8, without a password: keep it from others. */
  public String keyPem() {
    return Pem.text(key);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "CertifiedKey[" + certificate().getSubjectX500Principal().getName() + "]";
  }
}
