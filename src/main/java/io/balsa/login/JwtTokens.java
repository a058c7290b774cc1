package io.balsa.login;

import io.jsonwebtoken.Claims;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.MacAlgorithm;
import io.jsonwebtoken.security.SecureDigestAlgorithm;
import io.jsonwebtoken.security.SignatureAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes and checks signed tokens (JWT, RFC 7519) with etcd's claims {@code username}, {@code
 * revision} and {@code exp}. A token signed by another algorithm than the configured one is
 * refused, also one that names none.
 */
public final class JwtTokens {
  private final Keys keys;
  private final Duration ttl;
  private final Supplier<Instant> clock;
  private final JwtParser parser;

  private JwtTokens(Keys keys, Duration ttl, Supplier<Instant> clock, JwtParser parser) {
    this.keys = keys;
    this.ttl = ttl;
    this.clock = clock;
    this.parser = parser;
  }

  /**
   * What a token says.
   *
   * @param revision the auth revision at which the token was made
   * @param expires in milliseconds since 1970; {@link Long#MAX_VALUE} for never
   */
  public record Said(String user, long revision, long expires) {}

  /**
   * The keys of an algorithm.
   *
   * @param signing null for a server that only checks tokens
   */
  private record Keys(@Nullable Key signing, Key checking, SecureDigestAlgorithm<?, ?> algorithm) {}

  /**
   * Reads the keys of a scheme.
   *
   * @param clock the time of day, for the end of tokens
   */
  public static JwtTokens of(TokenScheme.Jwt scheme, Supplier<Instant> clock)
      throws WrongTokenScheme {
    Keys keys = keys(scheme);
    var builder = Jwts.parser().clock(() -> Date.from(clock.get()));
    builder.sig().clear().add(keys.algorithm()).and();
    if (keys.checking() instanceof SecretKey secret) {
      builder.verifyWith(secret);
    } else {
      builder.verifyWith((PublicKey) keys.checking());
    }
    JwtTokens tokens = new JwtTokens(keys, scheme.ttl(), clock, builder.build());
    tokens.tryOut(scheme);
    return tokens;
  }

  private static Keys keys(TokenScheme.Jwt scheme) throws WrongTokenScheme {
    Path privateFile = scheme.privateKey();
    Path publicFile = scheme.publicKey();
    return switch (algorithm(scheme.method())) {
      case MacAlgorithm mac -> {
        SecretKey secret = secret(privateFile, mac);
        yield new Keys(secret, secret, mac);
      }
      case SignatureAlgorithm signature -> {
        Path known = publicFile == null ? privateFile : publicFile;
        if (known == null) {
          throw new WrongTokenScheme("--auth-token: jwt needs pub-key or priv-key");
        }
        PrivateKey signing = privateFile == null ? null : PemKeys.privateKey(privateFile);
        PublicKey checking = PemKeys.publicKey(known);
        yield new Keys(signing, checking, signature);
      }
      case null, default ->
          throw new WrongTokenScheme(
              "--auth-token: sign-method '"
                  + scheme.method()
                  + "' is unknown: use RS256, PS256, ES256 or HS256 (also with 384 and 512), or"
                  + " EdDSA");
    };
  }

  private static @Nullable Object algorithm(String method) {
    return method.isEmpty() ? null : Jwts.SIG.get().get(method);
  }

  private static SecretKey secret(@Nullable Path file, MacAlgorithm algorithm)
      throws WrongTokenScheme {
    if (file == null) {
      throw new WrongTokenScheme("--auth-token: HS256, HS384 and HS512 need priv-key");
    }
    try {
      byte[] secret = Files.readAllBytes(file);
      int least = algorithm.getKeyBitLength() / 8;
      if (secret.length < least) {
        throw new WrongTokenScheme(
            "--auth-token: %s has %d bytes, and %s needs at least %d"
                .formatted(file, secret.length, algorithm.getId(), least));
      }
      return new SecretKeySpec(secret, "HmacSHA" + algorithm.getKeyBitLength());
    } catch (IOException e) {
      throw new WrongTokenScheme("--auth-token: " + file + " cannot be read: " + e.getMessage());
    }
  }

  /** Finds out at the start whether the keys are a pair and fit the algorithm. */
  private void tryOut(TokenScheme.Jwt scheme) throws WrongTokenScheme {
    if (keys.signing() == null) {
      return;
    }
    try {
      if (read(make("root", 1)) != null) {
        return;
      }
    } catch (JwtException | IllegalArgumentException e) {
      throw new WrongTokenScheme(
          "--auth-token: the keys do not fit %s: %s".formatted(scheme.method(), e.getMessage()));
    }
    throw new WrongTokenScheme("--auth-token: pub-key is not the public half of priv-key");
  }

  /** Whether this server can make tokens; one with a public key alone can only check them. */
  public boolean canMake() {
    return keys.signing() != null;
  }

  /** A new token of a user. */
  public String make(String user, long revision) {
    var builder =
        Jwts.builder()
            .claim("username", user)
            .claim("revision", revision)
            .expiration(Date.from(clock.get().plus(ttl)));
    return switch (keys.algorithm()) {
      case MacAlgorithm mac -> builder.signWith((SecretKey) keys.signing(), mac).compact();
      case SignatureAlgorithm signature ->
          builder.signWith((PrivateKey) keys.signing(), signature).compact();
      default -> throw new IllegalStateException("an algorithm signs or makes a code");
    };
  }

  /** What a token says; null when it is none of ours, or has expired. */
  public @Nullable Said read(String token) {
    try {
      Claims claims = parser.parseSignedClaims(token).getPayload();
      Object user = claims.get("username");
      Object revision = claims.get("revision");
      Date expires = claims.getExpiration();
      return user instanceof String name && revision instanceof Number number
          ? new Said(
              name,
              number.longValue(),
              expires == null ? Long.MAX_VALUE : expires.toInstant().toEpochMilli())
          : null;
    } catch (JwtException | IllegalArgumentException _) {
      return null;
    }
  }
}
