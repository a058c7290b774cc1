package io.balsa.login;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How tokens are made, etcd's {@code --auth-token}. */
public sealed interface TokenScheme {
  /** etcd's lifetime of a token. */
  Duration DEFAULT_TTL = Duration.ofMinutes(5);

  /**
   * Random texts that the cluster remembers.
   *
   * @param ttl how long an unused token lives; each use gives it the whole time again
   */
  record Simple(Duration ttl) implements TokenScheme {}

  /**
   * Signed texts (JWT) that say who the user is. Any server checks them without remembering them.
   *
   * @param method the algorithm, such as {@code RS256}
   * @param publicKey PEM file of a public key or certificate; null to take it from the private key
   * @param privateKey PEM file, or the secret's bytes for HS256, HS384 and HS512; null for a server
   *     that only checks tokens
   * @param ttl how long a token lives
   */
  record Jwt(String method, @Nullable Path publicKey, @Nullable Path privateKey, Duration ttl)
      implements TokenScheme {}
}
