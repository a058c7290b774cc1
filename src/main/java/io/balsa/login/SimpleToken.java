package io.balsa.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Sha256;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A simple token as text: random letters, a dot, and an index of the log, as etcd's. A server that
 * has not applied the index yet cannot know the token, and waits.
 *
 * @param digest the SHA-256 of the letters, which the cluster remembers instead of them
 * @param index the token is known to servers that have applied it
 */
public record SimpleToken(Bytes digest, long index) {
  /** 24 letters of 52 kinds are 136 random bits. */
  private static final int LETTERS = 24;

  private static final int TEXT_MAX = 128;
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** New random letters. */
  public static String newLetters() {
    StringBuilder letters = new StringBuilder(LETTERS);
    for (int i = 0; i < LETTERS; i++) {
      letters.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return letters.toString();
  }

  /** The digest of a token's letters. */
  public static Bytes digest(String letters) {
    return Sha256.of(Bytes.wrap(letters.getBytes(UTF_8)));
  }

  /** The text that a client gets. */
  public static String text(String letters, long index) {
    return letters + "." + index;
  }

  /** The token that a text stands for; null when it is no text of a token. */
  public static @Nullable SimpleToken parse(String text) {
    int dot = text.indexOf('.');
    if (dot <= 0 || text.length() > TEXT_MAX) {
      return null;
    }
    try {
      long index = Long.parseLong(text, dot + 1, text.length(), 10);
      return index < 0 ? null : new SimpleToken(digest(text.substring(0, dot)), index);
    } catch (NumberFormatException _) {
      return null;
    }
  }
}
