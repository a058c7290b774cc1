package io.balsa.model;

/**
 * A hash over the keys and their history, equal on replicas that agree, whatever they have removed
 * of what is compacted: over the versions there at the compact revision and all changes after it.
 *
 * @param outcome {@link Result.Done}, or refused because the revision is compacted or in the future
 * @param hash 32 bits
 * @param hashRevision the revision up to which it goes
 * @param compactRevision where it begins; hashes compare only when this is equal
 */
public record HashKv(Result outcome, int hash, long hashRevision, long compactRevision) {}
