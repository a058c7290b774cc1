package io.balsa.login;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.jspecify.annotations.Nullable;

/** Reads the keys that sign tokens and check them from PEM files. */
final class PemKeys {
  private PemKeys() {}

  /** The private key in a file, and its public key if the file has both. */
  static PrivateKey privateKey(Path file) throws WrongTokenScheme {
    return switch (first(file)) {
      case PEMKeyPair pair -> pair(pair, file).getPrivate();
      case PrivateKeyInfo key -> convert(file, converter -> converter.getPrivateKey(key));
      case null, default -> throw wrong(file, "has no private key");
    };
  }

  /** The public key in a file: a public key, a certificate, or the other half of a private key. */
  static PublicKey publicKey(Path file) throws WrongTokenScheme {
    return switch (first(file)) {
      case SubjectPublicKeyInfo key -> convert(file, converter -> converter.getPublicKey(key));
      case X509CertificateHolder certificate ->
          convert(file, converter -> converter.getPublicKey(certificate.getSubjectPublicKeyInfo()));
      case PEMKeyPair pair -> pair(pair, file).getPublic();
      case PrivateKeyInfo key -> publicHalf(file, key);
      case null, default -> throw wrong(file, "has no public key and no certificate");
    };
  }

  private static PublicKey publicHalf(Path file, PrivateKeyInfo info) throws WrongTokenScheme {
    try {
      AsymmetricKeyParameter half =
          switch (PrivateKeyFactory.createKey(info)) {
            case RSAPrivateCrtKeyParameters rsa ->
                new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent());
            case ECPrivateKeyParameters ec ->
                new ECPublicKeyParameters(
                    ec.getParameters().getG().multiply(ec.getD()), ec.getParameters());
            case Ed25519PrivateKeyParameters ed -> ed.generatePublicKey();
            default -> throw wrong(file, "holds a key of a kind that signs no tokens");
          };
      SubjectPublicKeyInfo key = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(half);
      return convert(file, converter -> converter.getPublicKey(key));
    } catch (IOException e) {
      throw wrong(file, "holds a key that cannot be used: " + e.getMessage());
    }
  }

  private static KeyPair pair(PEMKeyPair pair, Path file) throws WrongTokenScheme {
    return convert(file, converter -> converter.getKeyPair(pair));
  }

  private static @Nullable Object first(Path file) throws WrongTokenScheme {
    try (PEMParser parser = new PEMParser(new StringReader(Files.readString(file)))) {
      Object first = parser.readObject();
      // a file of openssl may begin with the parameters of a curve
      return first instanceof org.bouncycastle.asn1.ASN1ObjectIdentifier
          ? parser.readObject()
          : first;
    } catch (IOException e) {
      throw wrong(file, "cannot be read: " + e.getMessage());
    }
  }

  /** One conversion of BouncyCastle. */
  private interface Conversion<K> {
    K by(JcaPEMKeyConverter converter) throws PEMException, GeneralSecurityException;
  }

  private static <K> K convert(Path file, Conversion<K> conversion) throws WrongTokenScheme {
    try {
      return conversion.by(new JcaPEMKeyConverter());
    } catch (PEMException | GeneralSecurityException e) {
      throw wrong(file, "holds a key that cannot be used: " + e.getMessage());
    }
  }

  private static WrongTokenScheme wrong(Path file, String why) {
    return new WrongTokenScheme("--auth-token: " + file + " " + why);
  }
}
