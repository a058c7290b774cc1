package io.balsa.auth;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens in force at one moment, by their digests. Immutable, so any thread may look. A change
 * copies one part in {@link #PARTS}.
 */
public final class Tokens {
  /** No tokens. */
  public static final Tokens NONE = new Tokens(new Token[Tokens.PARTS][0], 0);

  private static final int PARTS = 1 << 10;

  /** Each part is in order of digest. */
  private final Token[][] parts;

  private final int size;

  private Tokens(Token[][] parts, int size) {
    this.parts = parts;
    this.size = size;
  }

  /**
   * A token.
   *
   * @param credentialsRevision as in {@link User}, when the token was given out
   * @param used the index of the entry that added the token or last used it
   */
  public record Token(Bytes digest, String user, long credentialsRevision, long used) {
    public Token usedAt(long index) {
      return new Token(digest, user, credentialsRevision, index);
    }
  }

  /** The token of a digest; null when there is none, or none any more. */
  public @Nullable Token get(Bytes digest) {
    Token[] part = parts[part(digest)];
    int place = place(part, digest);
    return place < 0 ? null : part[place];
  }

  public int size() {
    return size;
  }

  /** All of them, in an order that is the same on every server. */
  public List<Token> all() {
    List<Token> all = new ArrayList<>(size);
    for (Token[] part : parts) {
      all.addAll(Arrays.asList(part));
    }
    return all;
  }

  /** With a token, in the place of the one with the same digest. */
  public Tokens with(Token token) {
    Token[] part = parts[part(token.digest())];
    int place = place(part, token.digest());
    Token[] changed = Arrays.copyOf(part, place < 0 ? part.length + 1 : part.length);
    if (place < 0) {
      int at = -place - 1;
      System.arraycopy(part, at, changed, at + 1, part.length - at);
      changed[at] = token;
    } else {
      changed[place] = token;
    }
    return with(token.digest(), changed);
  }

  public Tokens without(Bytes digest) {
    Token[] part = parts[part(digest)];
    int place = place(part, digest);
    if (place < 0) {
      return this;
    }
    Token[] changed = Arrays.copyOf(part, part.length - 1);
    System.arraycopy(part, place + 1, changed, place, changed.length - place);
    return with(digest, changed);
  }

  private Tokens with(Bytes digest, Token[] changed) {
    int part = part(digest);
    Token[][] all = parts.clone();
    all[part] = changed;
    return new Tokens(all, size + changed.length - parts[part].length);
  }

  private static int part(Bytes digest) {
    int hash = digest.hashCode();
    return (hash ^ (hash >>> 16)) & (PARTS - 1);
  }

  private static int place(Token[] part, Bytes digest) {
    int low = 0;
    int high = part.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = part[middle].digest().compareTo(digest);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }
}
