package io.balsa.model;

/**
 * A hash over the versions that were there at the compact revision, and over all changes after it.
 * It is equal on replicas that agree, whichever compacted versions they have removed.
 *
 * @param outcome {@link Result.Done}, or refused because the revision is compacted or in the future
 * @param hash 32 bits
 * @param hashRevision the revision up to which it goes
 * @param compactRevision where it begins; hashes compare only when this is equal
 */
public record HashKv(Result outcome, int hash, long hashRevision, long compactRevision) {}
