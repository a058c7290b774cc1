package io.balsa.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * Passwords as bcrypt texts of version {@code 2a}, as etcd keeps them. A check takes tens of
 * milliseconds of CPU on purpose, so no event loop may run it.
 */
final class Passwords {
  /** The least and the largest cost of bcrypt; each step doubles the time. */
  static final int COST_LEAST = 4;

  static final int COST_MAX = 31;

  /** bcrypt reads no more bytes of a password. */
  static final int BYTES_MAX = 72;

  private static final int SALT_BYTES = 16;

  /** The version, the cost, and 53 characters of salt and hash. */
  private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}");

  private static final SecureRandom RANDOM = new SecureRandom();

  private Passwords() {}

  /**
   * Hashes a password with a new salt.
   *
   * @param password at most {@link #BYTES_MAX} bytes of UTF-8
   * @param cost from {@link #COST_LEAST} to {@link #COST_MAX}
   */
  static String hash(String password, int cost) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return OpenBSDBCrypt.generate("2a", password.getBytes(UTF_8), salt, cost);
  }

  /** Whether a text is a hash of at most a cost. */
  static boolean isHash(String text, int costMax) {
    return FORM.matcher(text).matches() && Integer.parseInt(text, 4, 6, 10) <= costMax;
  }

  /**
   * Whether a password has this hash. Compares in a time that does not depend on the bytes.
   *
   * @param hash what {@link #hash} made; any other text matches no password
   */
  static boolean matches(String password, String hash) {
    byte[] bytes = password.getBytes(UTF_8);
    if (bytes.length > BYTES_MAX || !FORM.matcher(hash).matches()) {
      return false;
    }
    try {
      return OpenBSDBCrypt.checkPassword(hash, bytes);
    } catch (IllegalArgumentException _) { // a client may send any cost
      return false;
    }
  }
}
