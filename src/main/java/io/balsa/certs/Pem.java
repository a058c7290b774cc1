package io.balsa.certs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.jspecify.annotations.Nullable;

/** Certificates and keys as PEM texts (RFC 7468). */
public final class Pem {
  private static final int LINE = 64;

  private Pem() {}

  static String text(X509Certificate certificate) {
    try {
      return block("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException impossible) {
      throw new IllegalStateException("a certificate without bytes", impossible);
    }
  }

  static String text(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  static String block(String label, byte[] der) {
    Base64.Encoder lines = Base64.getMimeEncoder(LINE, new byte[] {'\n'});
    return "-----BEGIN "
        + label
        + "-----\n"
        + lines.encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  /**
   * All certificates of a text, in its order. Other blocks are left out.
   *
   * @throws IOException with one line, if there is no certificate or a bad one
   */
  public static List<X509Certificate> certificates(String text) throws IOException {
    List<X509Certificate> found = new ArrayList<>();
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
        if (each instanceof X509CertificateHolder holder) {
          found.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(holder.getEncoded())));
        }
      }
    } catch (CertificateException bad) {
      throw new IOException("bad certificate: " + bad.getMessage(), bad);
    }
    if (found.isEmpty()) {
      throw new IOException("there is no certificate in it");
    }
    return found;
  }

  /**
   * The first private key of a text: PKCS#8, or the older forms of RSA and elliptic curves.
   *
   * @throws IOException with one line without parts of the key, if there is none, a bad one, or one
   *     with a password
   */
  public static PrivateKey privateKey(String text) throws IOException {
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
        PrivateKeyInfo info = keyOf(each);
        if (info != null) {
          return new JcaPEMKeyConverter().getPrivateKey(info);
        }
      }
    }
    throw new IOException("there is no private key in it");
  }

  private static @Nullable PrivateKeyInfo keyOf(Object block) throws IOException {
    return switch (block) {
      case PrivateKeyInfo info -> info;
      case PEMKeyPair pair -> pair.getPrivateKeyInfo();
      case PEMEncryptedKeyPair _, PKCS8EncryptedPrivateKeyInfo _ ->
          throw new IOException("the key has a password; give one without");
      default -> null;
    };
  }
}
