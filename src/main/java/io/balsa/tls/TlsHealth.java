package io.balsa.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How a set of files for TLS is.
 *
 * @param expires when the first of the own certificates ends; {@link Instant#MAX} without one
 * @param troubles lines about what needs an operator; empty when all is well
 * @param reloads how often a newer set was taken
 * @param refusals how often a newer set could not be used, so that the older one stayed
 * @param isStale whether the files cannot be used as they are now
 */
public record TlsHealth(
    Instant expires, List<String> troubles, long reloads, long refusals, boolean isStale) {
  /** A certificate that ends within this time is told about. */
  public static final Duration SOON = Duration.ofDays(30);

  /** A certificate that ends within this time needs somebody now. */
  public static final Duration VERY_SOON = Duration.ofDays(7);

  /** Copies the list. */
  public TlsHealth {
    troubles = List.copyOf(troubles);
  }
}
