package io.balsa.certs;

import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** The kinds of keys that are made here. */
public enum KeyKind {
  /** An elliptic curve key on P-256: small and quick to make. */
  EC_P256("EC", new ECGenParameterSpec("secp256r1")),
  /** An RSA key of 2,048 bits, for programs that know no elliptic curves. */
  RSA_2048("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));

  private final String algorithm;
  private final AlgorithmParameterSpec size;

  KeyKind(String algorithm, AlgorithmParameterSpec size) {
    this.algorithm = algorithm;
    this.size = size;
  }

  KeyPair make() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException impossible) {
      throw new IllegalStateException("every JDK makes such keys", impossible);
    }
  }

  /** The algorithm of a signature with such a key. */
  static String signature(PrivateKey key) {
    return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
  }
}
