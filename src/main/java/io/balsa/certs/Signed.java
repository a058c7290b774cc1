package io.balsa.certs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** One certificate while its fields are filled in. */
final class Signed {
  private static final String ORGANIZATION = "balsa";

  private final X509v3CertificateBuilder fields;
  private final JcaX509ExtensionUtils identifiers;

  private Signed(X509v3CertificateBuilder fields, JcaX509ExtensionUtils identifiers) {
    this.fields = fields;
    this.identifiers = identifiers;
  }

  static Signed of(LeafRequest request, PublicKey key, X500Name issuer, PublicKey issuerKey) {
    X509v3CertificateBuilder fields =
        new X509v3CertificateBuilder(
            issuer,
            request.serial(),
            Date.from(request.notBefore()),
            Date.from(request.notAfter()),
            name(request.commonName()),
            SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    try {
      Signed signed = new Signed(fields, new JcaX509ExtensionUtils());
      signed.identify(key, issuerKey);
      return signed;
    } catch (GeneralSecurityException | CertIOException impossible) {
      throw new IllegalStateException("cannot fill in a certificate", impossible);
    }
  }

  /** The organization stands where there is no name: a certificate of one without both is odd. */
  static X500Name name(String commonName) {
    X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
    return commonName.isEmpty()
        ? name.addRDN(BCStyle.O, ORGANIZATION).build()
        : name.addRDN(BCStyle.CN, commonName).build();
  }

  private void identify(PublicKey key, PublicKey issuerKey) throws CertIOException {
    fields.addExtension(
        Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
    fields.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        identifiers.createAuthorityKeyIdentifier(issuerKey));
  }

  Signed authority(boolean is) throws CertIOException {
    fields.addExtension(Extension.basicConstraints, true, new BasicConstraints(is));
    return this;
  }

  Signed keyUsage(int bits) throws CertIOException {
    fields.addExtension(Extension.keyUsage, true, new KeyUsage(bits));
    return this;
  }

  Signed purposes(LeafRequest request) throws CertIOException {
    KeyPurposeId[] purposes =
        request.usages().stream().sorted().map(each -> each.purpose).toArray(KeyPurposeId[]::new);
    fields.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    return this;
  }

  Signed hosts(LeafRequest request) throws CertIOException {
    List<GeneralName> names = new ArrayList<>();
    request.dnsNames().forEach(each -> names.add(new GeneralName(GeneralName.dNSName, each)));
    request
        .addresses()
        .forEach(each -> names.add(new GeneralName(GeneralName.iPAddress, each.getHostAddress())));
    if (!names.isEmpty()) {
      GeneralNames all = new GeneralNames(names.toArray(GeneralName[]::new));
      fields.addExtension(Extension.subjectAlternativeName, false, all);
    }
    return this;
  }

  X509Certificate by(PrivateKey issuer) {
    try {
      byte[] der = fields.build(signer(issuer)).getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (IOException | GeneralSecurityException impossible) {
      throw new IllegalStateException("cannot sign a certificate", impossible);
    }
  }

  static ContentSigner signer(PrivateKey key) {
    try {
      return new JcaContentSignerBuilder(KeyKind.signature(key)).build(key);
    } catch (OperatorCreationException bad) {
      throw new IllegalStateException("cannot sign with this key", bad);
    }
  }
}
