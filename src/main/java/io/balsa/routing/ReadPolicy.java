package io.balsa.routing;

import java.util.Locale;
import java.util.Optional;

/** Which server gets a read first. */
public enum ReadPolicy {
  /** The follower chosen by the last byte of the key, so that each key is read at one server. */
  KEY,
  /** The followers in turn. */
  ROUND_ROBIN,
  /** The server with the shortest round-trip time. */
  NEAREST,
  /** The leader. */
  LEADER;

  /** The policy with the name that a flag gives: {@code key}, {@code round-robin} and so on. */
  public static Optional<ReadPolicy> named(String name) {
    for (ReadPolicy policy : values()) {
      if (policy.toString().equals(name)) {
        return Optional.of(policy);
      }
    }
    return Optional.empty();
  }

  /** The name for the flag. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
