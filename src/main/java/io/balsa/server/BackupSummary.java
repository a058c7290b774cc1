package io.balsa.server;

import io.balsa.backups.BackupFile;
import io.balsa.wire.BackupHead;

/**
 * What a backup holds.
 *
 * @param hash the first four bytes of the backup's SHA-256; unsigned
 * @param revision the store's revision
 * @param keys how many keys are in the backup
 * @param compactRevision the revision of the last compaction; -1 when nothing was compacted
 * @param index the index of the last applied log entry
 * @param term the term of that entry
 * @param member the id of the member that made the backup; unsigned
 * @param cluster the id of the member's cluster; unsigned
 */
public record BackupSummary(
    int hash,
    long revision,
    long keys,
    long compactRevision,
    long index,
    long term,
    long member,
    long cluster) {
  static BackupSummary of(BackupFile backup) {
    BackupHead head = backup.head();
    return new BackupSummary(
        backup.digest().buffer().getInt(),
        head.revision(),
        head.keys(),
        head.compactRevision(),
        head.index(),
        head.term(),
        head.member(),
        head.clusterId());
  }
}
