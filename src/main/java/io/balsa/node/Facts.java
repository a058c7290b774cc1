package io.balsa.node;

import io.balsa.kv.Alarm;
import io.balsa.kv.Member;
import io.balsa.kv.Store;
import io.balsa.kv.Tombstones;
import java.util.List;

/** What applying has led to, as one value that any lane may read. */
record Facts(
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
  static Facts of(Store store) {
    return new Facts(
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
