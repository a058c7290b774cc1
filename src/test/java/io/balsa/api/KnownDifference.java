package io.balsa.api;

/**
 * What etcd 3.4.23 does in another way than etcd 3.7.3, and Balsa in another way than both. The
 * comparison leaves these steps out when it runs against an etcd that differs.
 */
enum KnownDifference {
  /** 3.4 accepts an unknown sort order, and an unknown sort target ends its process. */
  UNKNOWN_SORT(5),

  /**
   * With an invalid put and an invalid range in a transaction, 3.4 names the put, not the first.
   */
  FIRST_ERROR(5),

  /** For a put in a transaction whose lease and key are missing, 3.4 names the key. */
  LEASE_BEFORE_KEY(5),

  /** 3.4 sends progress to a stream with a watch from the future. */
  PROGRESS_OF_FUTURE_WATCH(7),

  /**
   * After a compaction has ended a watch, etcd sends no more progress to its stream. Its list of
   * the stream's watches keeps that watch, as one that lags. Balsa answers.
   */
  PROGRESS_BESIDE_COMPACTED_WATCH(Integer.MAX_VALUE),

  /** 3.4 sends progress to a stream without watches. */
  PROGRESS_WITHOUT_WATCH(5),

  /** 3.4 loses deletions at the compacted revision itself (etcd bug 19179). */
  DELETION_AT_COMPACT_REVISION(6),

  /** 3.4 starts a watch from a negative revision. */
  NEGATIVE_WATCH(6),

  /** 3.4 fills the lease of a key that is asked for without its value. */
  LEASE_WITHOUT_VALUE(7),

  /** 3.4 grants a lock whose key is gone at the end. */
  EXPIRED_LOCK(5),

  /** 3.4 and 3.6 have no RangeStream. */
  RANGE_STREAM(7),

  /** 3.4 has no hash revision, and forgets the hash of a compact revision. */
  KEPT_HASHES(6),

  /**
   * 3.4 checks a token also without users in force, gives other codes for it, judges neither the
   * inner transactions nor the previous values of puts, and has no AuthStatus.
   */
  USERS(7);

  private final int mendedIn;

  /**
   * @param minor the minor version after 3 from which on etcd does as Balsa
   */
  KnownDifference(int minor) {
    mendedIn = minor;
  }

  /** Whether an etcd 3 of this minor version differs. */
  boolean isOf(int minor) {
    return minor < mendedIn;
  }
}
