package io.balsa.access;

import io.balsa.auth.AuthState;
import io.balsa.errors.EtcdError;
import io.balsa.login.JwtTokens;
import io.balsa.model.Caller;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Signed tokens (JWT). The check of a signature costs much, so its result is kept for a while. */
final class SignedTokens implements KnownTokens {
  private static final int KEPT_MAX = 10_000;

  /**
   * No token of ours is longer: a name of 1,024 bytes, each of which may be written as six, in
   * base64, and a signature. A longer text is refused before it is read.
   */
  static final int TEXT_MAX = 12 << 10;

  private final JwtTokens tokens;
  private final LongSupplier millis;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();

  private record Kept(Caller caller, long expires) {}

  /**
   * @param millis the time of day in milliseconds since 1970
   */
  SignedTokens(JwtTokens tokens, LongSupplier millis) {
    this.tokens = tokens;
    this.millis = millis;
  }

  @Override
  public long awaited(String token) {
    return 0;
  }

  @Override
  public Caller caller(String token, AuthState auth) {
    Kept known = kept.get(token);
    if (known == null) {
      known = read(token);
    }
    if (known == null || known.expires() <= millis.getAsLong()) {
      kept.remove(token);
      throw EtcdError.INVALID_TOKEN.exception();
    }
    return known.caller();
  }

  private @Nullable Kept read(String token) {
    if (token.length() > TEXT_MAX) {
      return null;
    }
    JwtTokens.Said said = tokens.read(token);
    if (said == null || said.user().isEmpty() || said.revision() < 1) {
      return null;
    }
    Kept read = new Kept(Caller.of(said.user(), said.revision()), said.expires());
    if (kept.size() >= KEPT_MAX) {
      kept.clear();
    }
    kept.put(token, read);
    return read;
  }
}
