package io.balsa.duties;

import io.balsa.model.Lease;

/** A lease as the leader keeps its time. Times are milliseconds of the lease clock. */
final class KeptLease {
  /** The stage of a lease. */
  enum Stage {
    /** Its time runs. */
    ALIVE,
    /** Its time has passed. It ends when leadership is proved, unless it is renewed before. */
    DUE,
    /** Its end is proposed, and a renewal comes too late. */
    ENDING
  }

  final Lease lease;
  Stage stage = Stage.ALIVE;
  long renewedAt;
  long endsAt;

  /** The number of the last proof before the lease became due. */
  long dueAfterProof;

  /** The deadline that is stored; 0 for none. */
  long written;

  /** Whether a change of the stored deadline is in the log but not applied. */
  boolean writing;

  KeptLease(Lease lease) {
    this.lease = lease;
    this.written = lease.deadline();
  }

  long ttlMillis() {
    return 1_000 * lease.ttl();
  }

  /**
   * Gives the lease its whole time from now on. The clock may be behind by up to a millisecond, so
   * one is added.
   */
  void renew(long now) {
    stage = Stage.ALIVE;
    renewedAt = now;
    endsAt = now + ttlMillis() + 1;
  }

  /**
   * Whether no deadline is stored, or being stored, so that a next leader gives it the whole time.
   */
  boolean hasNoStoredDeadline() {
    return written == 0 && !writing;
  }
}
