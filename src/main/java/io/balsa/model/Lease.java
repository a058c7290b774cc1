package io.balsa.model;

/**
 * A lease in the replicated state. The leader alone knows the time left; the state holds what a new
 * leader needs.
 *
 * @param id its id; never 0
 * @param ttl its whole time in seconds, from {@link #MIN_TTL} to {@link #MAX_TTL}
 * @param grant the index of the entry that granted it: two leases of the same id differ in it
 * @param deadline when it ends by the leases' clock of the store, in milliseconds; 0 when nothing
 *     is written down, and a new leader gives it its whole time again
 */
public record Lease(long id, long ttl, long grant, long deadline) {
  /** The shortest time that may be written into the log, in seconds. */
  public static final long MIN_TTL = 1;

  /** etcd's longest time, in seconds. */
  public static final long MAX_TTL = 9_000_000_000L;

  public Lease endingAt(long changed) {
    return new Lease(id, ttl, grant, changed);
  }
}
