package io.balsa.duties;

import io.balsa.model.Lease;

/** A lease as its leader keeps it. Times are milliseconds of the lease clock. */
final class KeptLease {
  /** Where a lease stands. */
  enum Stage {
    /** Its time runs. */
    ALIVE,
    /** Its time has passed; it ends once leadership is proved, unless it is renewed before. */
    DUE,
    /** Its end is proposed, and nobody can say any more that it lives. */
    ENDING
  }

  final Lease lease;
  Stage stage = Stage.ALIVE;
  long renewedAt;
  long endsAt;

  /** The proof that was the last one when it became due. */
  long dueAfterProof;

  /** The deadline that is written down; 0 for none. */
  long written;

  /** Whether a change of what is written down is on its way through the log. */
  boolean writing;

  KeptLease(Lease lease) {
    this.lease = lease;
    this.written = lease.deadline();
  }

  long ttlMillis() {
    return 1_000 * lease.ttl();
  }

  /** Gives it its whole time from a moment on. A moment is up to a millisecond later than said. */
  void renew(long now) {
    stage = Stage.ALIVE;
    renewedAt = now;
    endsAt = now + ttlMillis() + 1;
  }

  /** Whether a next leader may learn of it no more than its whole time. */
  boolean isUnwritten() {
    return written == 0 && !writing;
  }
}
