package io.balsa.certs;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

/**
 * A certificate authority: it issues certificates and revokes them. It remembers nothing: who calls
 * it keeps the serial numbers apart, and the list of what was revoked.
 */
public final class Authority {
  private static final int OF_AUTHORITIES =
      KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature;

  private final CertifiedKey identity;
  private final boolean root;

  private Authority(CertifiedKey identity, boolean root) {
    this.identity = identity;
    this.root = root;
  }

  /** A new root authority with this common name. */
  public static Authority create(
      String commonName, KeyKind kind, Instant notBefore, Instant notAfter) {
    KeyPair pair = kind.make();
    LeafRequest request = named(commonName, notBefore, notAfter);
    X500Name issuer = Signed.name(commonName);
    X509Certificate certificate =
        ofAuthority(request, pair.getPublic(), issuer, pair.getPublic(), pair.getPrivate());
    return new Authority(new CertifiedKey(pair.getPrivate(), List.of(certificate)), true);
  }

  /** A new authority that this one vouches for. Chains of what it issues hold its certificate. */
  public Authority subordinate(
      String commonName, KeyKind kind, Instant notBefore, Instant notAfter) {
    KeyPair pair = kind.make();
    X509Certificate certificate =
        ofAuthority(
            named(commonName, notBefore, notAfter),
            pair.getPublic(),
            issuerName(),
            certificate().getPublicKey(),
            identity.key());
    return new Authority(new CertifiedKey(pair.getPrivate(), chainOf(certificate)), false);
  }

  /**
   * An authority from its texts.
   *
   * @param certificates the certificate of the authority first
   * @param key the private key of the first certificate
   * @throws IOException with one line, if a text is bad, the key does not fit, or the certificate
   *     is not that of an authority
   */
  public static Authority read(String certificates, String key) throws IOException {
    List<X509Certificate> chain = Pem.certificates(certificates);
    PrivateKey privateKey = Pem.privateKey(key);
    X509Certificate own = chain.getFirst();
    if (own.getBasicConstraints() < 0) {
      throw new IOException("the certificate is not that of an authority");
    }
    if (!belongTogether(own.getPublicKey(), privateKey)) {
      throw new IOException("the key does not fit the certificate");
    }
    boolean root = own.getSubjectX500Principal().equals(own.getIssuerX500Principal());
    return new Authority(new CertifiedKey(privateKey, chain), root);
  }

  private static LeafRequest named(String commonName, Instant notBefore, Instant notAfter) {
    Set<Usage> all = Set.of(Usage.values());
    return LeafRequest.withHosts(commonName, List.of(), all, notBefore, notAfter);
  }

  private static X509Certificate ofAuthority(
      LeafRequest request,
      PublicKey key,
      X500Name issuer,
      PublicKey issuerKey,
      PrivateKey signingKey) {
    try {
      return Signed.of(request, key, issuer, issuerKey)
          .authority(true)
          .keyUsage(OF_AUTHORITIES)
          .by(signingKey);
    } catch (CertIOException impossible) {
      throw new IllegalStateException("cannot fill in a certificate", impossible);
    }
  }

  private static boolean belongTogether(PublicKey publicKey, PrivateKey key) {
    if (!publicKey.getAlgorithm().equals(key.getAlgorithm())) {
      return false;
    }
    try {
      byte[] something = publicKey.getEncoded();
      Signature signature = Signature.getInstance(KeyKind.signature(key));
      signature.initSign(key);
      signature.update(something);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(something);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  /** A new key and its certificate; the key is of the authority's kind. */
  public CertifiedKey issue(LeafRequest request) {
    return issue(request, kind());
  }

  /** A new key of this kind and its certificate. */
  public CertifiedKey issue(LeafRequest request, KeyKind kind) {
    KeyPair pair = kind.make();
    int bits = KeyUsage.digitalSignature;
    if (kind == KeyKind.RSA_2048) {
      bits |= KeyUsage.keyEncipherment;
    }
    try {
      X509Certificate certificate =
          Signed.of(request, pair.getPublic(), issuerName(), certificate().getPublicKey())
              .authority(false)
              .keyUsage(bits)
              .purposes(request)
              .hosts(request)
              .by(identity.key());
      return new CertifiedKey(pair.getPrivate(), chainOf(certificate));
    } catch (CertIOException impossible) {
      throw new IllegalStateException("cannot fill in a certificate", impossible);
    }
  }

  private KeyKind kind() {
    return identity.key().getAlgorithm().equals("RSA") ? KeyKind.RSA_2048 : KeyKind.EC_P256;
  }

  private List<X509Certificate> chainOf(X509Certificate issued) {
    List<X509Certificate> chain = new ArrayList<>(List.of(issued));
    if (!root) {
      chain.addAll(identity.chain());
    }
    return chain;
  }

  /** Whether this authority signed the certificate. */
  public boolean issued(X509Certificate certificate) {
    try {
      certificate.verify(certificate().getPublicKey());
      return certificate().getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  /** A list that names no certificate. It is valid until the authority's certificate ends. */
  public RevocationList revokedNone(Instant now) {
    return list(new X509v2CRLBuilder(issuerName(), Date.from(now)), 1);
  }

  /**
   * The list with one certificate more. A certificate that it names already changes only the times.
   *
   * @param before the list so far, of this authority
   * @param now the time of the revocation
   * @throws IllegalArgumentException if the certificate or the list is not of this authority
   */
  public RevocationList revoke(RevocationList before, X509Certificate certificate, Instant now) {
    if (!issued(certificate)) {
      throw new IllegalArgumentException("the certificate is of another authority");
    }
    try {
      before.crl().verify(certificate().getPublicKey());
    } catch (GeneralSecurityException bad) {
      throw new IllegalArgumentException("the list is of another authority", bad);
    }
    X509v2CRLBuilder next = new X509v2CRLBuilder(issuerName(), Date.from(now));
    try {
      next.addCRL(new X509CRLHolder(before.der()));
    } catch (IOException impossible) {
      throw new IllegalStateException("a list that cannot be read again", impossible);
    }
    if (!before.names(certificate)) {
      next.addCRLEntry(certificate.getSerialNumber(), Date.from(now), CRLReason.unspecified);
    }
    return list(next, before.size() + 1L);
  }

  private RevocationList list(X509v2CRLBuilder fields, long number) {
    fields.setNextUpdate(certificate().getNotAfter());
    try {
      fields.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate().getPublicKey()));
      fields.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
      return RevocationList.read(fields.build(Signed.signer(identity.key())).getEncoded());
    } catch (GeneralSecurityException | IOException impossible) {
      throw new IllegalStateException("cannot sign a list", impossible);
    }
  }

  private X500Name issuerName() {
    return X500Name.getInstance(certificate().getSubjectX500Principal().getEncoded());
  }

  /** The certificate of the authority. */
  public X509Certificate certificate() {
    return identity.certificate();
  }

  /** The certificate and key of the authority, with their PEM texts. */
  public CertifiedKey identity() {
    return identity;
  }
}
