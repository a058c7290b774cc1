package io.balsa.routing;

import java.util.Locale;
import java.util.Optional;

/** Which server a read is sent to first. */
public enum ReadPolicy {
  /** The follower that the key's last byte names, so that a key is read at one place. */
  KEY,
  /** The followers in turn. */
  ROUND_ROBIN,
  /** The server that answers soonest. */
  NEAREST,
  /** The leader. */
  LEADER;

  /** The policy of a name as a flag gives it: {@code key}, {@code round-robin} and so on. */
  public static Optional<ReadPolicy> named(String name) {
    for (ReadPolicy policy : values()) {
      if (policy.toString().equals(name)) {
        return Optional.of(policy);
      }
    }
    return Optional.empty();
  }

  /** The name as a flag gives it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
