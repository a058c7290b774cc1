package io.balsa.certs;

import java.security.KeyPair;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;

/** Certificates that vouch for themselves, as etcd's {@code --auto-tls} makes them. */
public final class SelfSigned {
  private SelfSigned() {}

  /**
   * A new key and its certificate. As etcd's, it is an authority of its own, so that it can also be
   * given to clients as the certificate to trust.
   */
  public static CertifiedKey make(LeafRequest request, KeyKind kind) {
    KeyPair pair = kind.make();
    int bits = KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.keyCertSign;
    try {
      Signed certificate =
          Signed.of(request, pair.getPublic(), Signed.name(request.commonName()), pair.getPublic())
              .authority(true)
              .keyUsage(bits | KeyUsage.cRLSign)
              .purposes(request)
              .hosts(request);
      return new CertifiedKey(pair.getPrivate(), List.of(certificate.by(pair.getPrivate())));
    } catch (CertIOException impossible) {
      throw new IllegalStateException("cannot fill in a certificate", impossible);
    }
  }
}
