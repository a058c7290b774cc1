package io.balsa.auth;

import io.balsa.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** Knows the keys that are attached to leases. */
@FunctionalInterface
public interface AttachedKeys {
  /**
   * No key is attached to any lease. A judgement with it is preliminary: it may allow what the
   * store refuses when the command is applied.
   */
  AttachedKeys NONE = (_, _, _) -> false;

  /**
   * Whether a key of a range is attached to a lease.
   *
   * @param from inclusive
   * @param to exclusive; null for no end
   */
  boolean hasKeyIn(long lease, Bytes from, @Nullable Bytes to);
}
