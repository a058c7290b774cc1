package io.balsa.certs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;

/**
 * A signed list of the certificates that an authority has revoked (RFC 5280, section 5).
 *
 * @param crl the list in the JDK's form
 */
public record RevocationList(X509CRL crl) {
  /**
   * Reads a list in PEM or in DER.
   *
   * @throws IOException with one line, if it is no such list
   */
  public static RevocationList read(byte[] bytes) throws IOException {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return new RevocationList((X509CRL) factory.generateCRL(new ByteArrayInputStream(bytes)));
    } catch (CRLException | CertificateException bad) {
      throw new IOException("it is no list of revoked certificates", bad);
    }
  }

  /** Whether the list names this certificate. */
  public boolean names(X509Certificate certificate) {
    return crl.isRevoked(certificate);
  }

  /** How many certificates it names. */
  public int size() {
    return crl.getRevokedCertificates() == null ? 0 : crl.getRevokedCertificates().size();
  }

  /** The list in DER, the only form that etcd's option for it reads. */
  public byte[] der() {
    try {
      return crl.getEncoded();
    } catch (CRLException impossible) {
      throw new IllegalStateException("a list without bytes", impossible);
    }
  }

  /** The list as a PEM text. */
  public String pem() {
    return Pem.block("X509 CRL", der());
  }
}
