package io.balsa.wire;

/**
 * The fields at the head of a backup.
 *
 * @param clusterId the cluster that it was taken from
 * @param member the member that gave it
 * @param index the index of the last entry applied
 * @param term that entry's term
 * @param compactRevision -1 when nothing was compacted
 * @param keys how many keys are in it
 * @param hash the rolling hash at the index, equal on every server of the cluster
 * @param stateBytes the length of the state that follows, laid out as a snapshot
 */
public record BackupHead(
    long clusterId,
    long member,
    long index,
    long term,
    long revision,
    long compactRevision,
    long keys,
    long hash,
    long stateBytes) {}
