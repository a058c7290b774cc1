package io.balsa.model;

import io.balsa.bytes.Check;

/**
 * Bounds on the cost of applying one entry. They decide which commands are refused and which are
 * done in pieces, so every replica must have the same. They are constants of the state machine and
 * do not depend on a server's memory or disk.
 *
 * @param deletionKeys the most keys that are deleted at once; more go by a range tombstone
 * @param deletionBytes the most bytes of keys and values that are deleted at once
 * @param sweepKeys the most keys of a tombstone that one entry sweeps
 * @param sweepBytes a piece ends with the key that reaches so many bytes of keys and values
 * @param tombstonesMax the most tombstones that wait for their sweep
 * @param txnKeys the most keys that a transaction may visit
 * @param answerBytes the most bytes of keys and values in an answer that applying gives
 * @param chunkBytes bytes of answers after which applying pauses to give them
 * @param changesBytes bytes of events that applying keeps for watchers; beyond it they read the
 *     store
 * @param leases the most leases
 */
public record StoreLimits(
    int deletionKeys,
    long deletionBytes,
    int sweepKeys,
    long sweepBytes,
    int tombstonesMax,
    long txnKeys,
    long answerBytes,
    long chunkBytes,
    long changesBytes,
    long leases) {
  /** The most bytes of the UTF-8 form of a user's or role's name. */
  public static final int NAME_BYTES = 1 << 10;

  /** The limits of every cluster. */
  public static final StoreLimits DEFAULT =
      new StoreLimits(
          /* deletionKeys= */ 1_000,
          /* deletionBytes= */ 1 << 20,
          /* sweepKeys= */ 1_000,
          /* sweepBytes= */ 1 << 20,
          /* tombstonesMax= */ 64,
          /* txnKeys= */ 100_000,
          /* answerBytes= */ 8 << 20,
          /* chunkBytes= */ 8 << 20,
          /* changesBytes= */ 4 << 20,
          /* leases= */ 250_000);

  /** Checks that a single key is deleted at once, and that a sweep makes progress. */
  public StoreLimits {
    Check.that(deletionKeys > 0, "a single key is deleted at once");
    Check.that(sweepKeys > 0 && sweepBytes > 0, "a sweep goes over one key at least");
  }

  /** The same with another bound on the keys that are deleted at once. */
  public StoreLimits withDeletionKeys(int most) {
    return new StoreLimits(
        most,
        deletionBytes,
        sweepKeys,
        sweepBytes,
        tombstonesMax,
        txnKeys,
        answerBytes,
        chunkBytes,
        changesBytes,
        leases);
  }

  /** The same with another bound on the keys that one entry sweeps. */
  public StoreLimits withSweepKeys(int most) {
    return new StoreLimits(
        deletionKeys,
        deletionBytes,
        most,
        sweepBytes,
        tombstonesMax,
        txnKeys,
        answerBytes,
        chunkBytes,
        changesBytes,
        leases);
  }

  /** The same with another bound on waiting tombstones. */
  public StoreLimits withTombstonesMax(int most) {
    return new StoreLimits(
        deletionKeys,
        deletionBytes,
        sweepKeys,
        sweepBytes,
        most,
        txnKeys,
        answerBytes,
        chunkBytes,
        changesBytes,
        leases);
  }

  /** The same with another bound on the keys that a transaction visits. */
  public StoreLimits withTxnKeys(long most) {
    return new StoreLimits(
        deletionKeys,
        deletionBytes,
        sweepKeys,
        sweepBytes,
        tombstonesMax,
        most,
        answerBytes,
        chunkBytes,
        changesBytes,
        leases);
  }

  /** The same with another bound on the bytes of an answer. */
  public StoreLimits withAnswerBytes(long most) {
    return new StoreLimits(
        deletionKeys,
        deletionBytes,
        sweepKeys,
        sweepBytes,
        tombstonesMax,
        txnKeys,
        most,
        chunkBytes,
        changesBytes,
        leases);
  }

  /** The same with another number of bytes after which applying pauses. */
  public StoreLimits withChunkBytes(long bytes) {
    return new StoreLimits(
        deletionKeys,
        deletionBytes,
        sweepKeys,
        sweepBytes,
        tombstonesMax,
        txnKeys,
        answerBytes,
        bytes,
        changesBytes,
        leases);
  }

  /** The same with another bound on the bytes of events that are kept. */
  public StoreLimits withChangesBytes(long most) {
    return new StoreLimits(
        deletionKeys,
        deletionBytes,
        sweepKeys,
        sweepBytes,
        tombstonesMax,
        txnKeys,
        answerBytes,
        chunkBytes,
        most,
        leases);
  }

  /** The same with another bound on leases. */
  public StoreLimits withLeases(long most) {
    return new StoreLimits(
        deletionKeys,
        deletionBytes,
        sweepKeys,
        sweepBytes,
        tombstonesMax,
        txnKeys,
        answerBytes,
        chunkBytes,
        changesBytes,
        most);
  }
}
