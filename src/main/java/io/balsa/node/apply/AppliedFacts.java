package io.balsa.node.apply;

import io.balsa.kv.Store;
import io.balsa.model.Alarm;
import io.balsa.model.Member;
import io.balsa.rows.Tombstones;
import java.util.List;

/** What applying has led to, as one value that any lane may read. */
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
    List<Alarm> alarms) {
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
        store.alarms());
  }
}
