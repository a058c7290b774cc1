package io.balsa.bytes;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which every JDK has. */
public final class Sha256 {
  /** The length of a digest. */
  public static final int DIGEST_BYTES = 32;

  private Sha256() {}

  /** A digest of nothing yet, to be fed piece by piece. */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  /** The digest of the bytes. */
  public static Bytes of(Bytes bytes) {
    MessageDigest digest = begin();
    digest.update(bytes.buffer());
    return Bytes.wrap(digest.digest());
  }
}
