package io.balsa.node.apply;

import io.balsa.auth.AuthState;
import io.balsa.kv.Store;
import io.balsa.model.Alarm;
import io.balsa.model.Member;
import io.balsa.rows.Tombstones;
import java.util.List;

/**
 * The state after a batch of entries, as one value that any lane may read.
 *
 * @param applied the index of the last entry applied
 * @param compactRevision the revision up to which history is compacted; -1 for none
 * @param hash the rolling hash of what was applied
 * @param hashComparable whether every replica applied the hash's entries by the same rules
 * @param keys how many keys there are, with those of large deletions that are not swept
 * @param usedBytes the bytes that count against the quota
 * @param quota the most bytes that may be stored; 0 for no bound
 * @param tombstones the large deletions that are not swept
 * @param auth the users and roles
 */
public record AppliedFacts(
    long applied,
    long revision,
    long compactRevision,
    long hash,
    boolean hashComparable,
    long keys,
    long usedBytes,
    long quota,
    Tombstones tombstones,
    List<Member> members,
    List<Alarm> alarms,
    AuthState auth) {
  static AppliedFacts of(Store store) {
    return new AppliedFacts(
        store.appliedIndex(),
        store.revision(),
        store.compactRevision(),
        store.hash(),
        store.isHashComparable(),
        store.keys(),
        store.usedBytes(),
        store.quota(),
        store.tombstones(),
        store.members(),
        store.alarms(),
        store.auth());
  }
}
