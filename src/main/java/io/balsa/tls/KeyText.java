package io.balsa.tls;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Private keys as tools write them: PKCS#8, PKCS#1 ({@code RSA PRIVATE KEY}) and SEC 1 ({@code EC
 * PRIVATE KEY}). Java reads PKCS#8 alone, so the others are put into one (RFC 5208, RFC 5915).
 */
final class KeyText {
  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int SEQUENCE = 0x30;

  /** The object id of RSA keys, with the parameter NULL. */
  private static final byte[] RSA = {
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };

  private KeyText() {}

  /**
   * Reads the key of a certificate.
   *
   * @param blocks those of the key's file
   * @param publicKey the key in the certificate
   * @throws IllegalArgumentException with words for the operator when there is no usable key
   * @throws GeneralSecurityException when it is no key for this certificate
   */
  static PrivateKey read(List<PemText> blocks, PublicKey publicKey)
      throws GeneralSecurityException {
    PemText block =
        blocks.stream()
            .filter(each -> each.label().endsWith("PRIVATE KEY"))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("there is no private key in it"));
    if (block.isEncrypted() || block.label().startsWith("ENCRYPTED")) {
      throw new IllegalArgumentException(
          "the private key needs a password; give a key without one");
    }
    byte[] pkcs8 =
        switch (block.label()) {
          case "PRIVATE KEY" -> block.der();
          case "RSA PRIVATE KEY" -> wrapped(RSA, block.der());
          case "EC PRIVATE KEY" -> wrapped(curve(publicKey), block.der());
          default ->
              throw new IllegalArgumentException(
                  "the block " + block.label() + " is no kind of key that is known");
        };
    return KeyFactory.getInstance(publicKey.getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  /** The algorithm of an EC key: the same bytes as in the certificate's public key. */
  private static byte[] curve(PublicKey publicKey) {
    byte[] info = publicKey.getEncoded();
    if (!publicKey.getAlgorithm().equals("EC") || info == null) {
      throw new IllegalArgumentException("it holds an EC key, but the certificate has none");
    }
    int outer = headLength(info, 0);
    int inner = headLength(info, outer);
    byte[] algorithm = new byte[length(info, outer)];
    System.arraycopy(info, outer + inner, algorithm, 0, algorithm.length);
    return algorithm;
  }

  private static int headLength(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return first < 0x80 ? 2 : 2 + (first & 0x7f);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = (length << Byte.SIZE) | (der[at + 2 + i] & 0xff);
    }
    return length;
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(value(INTEGER, new byte[1]));
    body.writeBytes(value(SEQUENCE, algorithm));
    body.writeBytes(value(OCTETS, key));
    return value(SEQUENCE, body.toByteArray());
  }

  private static byte[] value(int tag, byte[] contents) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (contents.length < 0x80) {
      out.write(contents.length);
    } else {
      out.write(0x82);
      out.write(contents.length >> Byte.SIZE);
      out.write(contents.length);
    }
    out.writeBytes(contents);
    return out.toByteArray();
  }

  /** Whether a private key belongs to a public one: what it signs must be verified. */
  static boolean fits(PrivateKey key, PublicKey publicKey) {
    String algorithm = algorithm(publicKey);
    if (algorithm == null) {
      return false;
    }
    try {
      byte[] text = {1, 2, 3, 4, 5, 6, 7, 8};
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(text);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(text);
      return verifier.verify(signature);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static @Nullable String algorithm(PublicKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
      default -> null;
    };
  }
}
