package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.model.Lease;
import io.balsa.rows.Layout;
import io.balsa.rows.LeaseRows;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The leases that the entries of one batch changed, before they are stored. */
final class DraftLeases {
  private final Engine engine;

  /** The changed leases; one with a whole time of 0 is removed. */
  private final Map<Long, Lease> pending = new TreeMap<>();

  /** The leases of which a key was attached or detached. */
  private final Set<Long> moved = new TreeSet<>();

  private long count;

  DraftLeases(Engine engine, long count) {
    this.engine = engine;
    this.count = count;
  }

  /** How many there are. */
  long count() {
    return count;
  }

  @Nullable Lease get(long id) {
    Lease lease = pending.get(id);
    if (lease != null) {
      return isThere(lease) ? lease : null;
    }
    return LeaseRows.lease(engine.get(Layout.lease(id)), id);
  }

  /** The lease that was granted at an index; null if there is only a later one of the same id. */
  @Nullable Lease get(long id, long grant) {
    Lease lease = get(id);
    return lease != null && lease.grant() == grant ? lease : null;
  }

  private static boolean isThere(Lease lease) {
    return lease.ttl() != 0;
  }

  void put(Lease lease) {
    count += get(lease.id()) == null ? 1 : 0;
    pending.put(lease.id(), lease);
  }

  /** Removes one that is there. */
  void remove(long id) {
    count--;
    pending.put(id, new Lease(id, 0, 0, 0));
  }

  /**
   * Whether a key was attached to a lease or detached, and that is not stored yet. What the stored
   * rows say of such a lease depends on when the batch began, and so differs between replicas.
   */
  boolean isMoving(long lease) {
    return moved.contains(lease);
  }

  /** Notes in a batch that a key is attached to another lease than before; 0 stands for none. */
  void move(Bytes key, long from, long to, Batch batch) {
    if (from == to) {
      return;
    }
    if (from != 0) {
      moved.add(from);
      batch.delete(Layout.attached(from, key));
    }
    if (to != 0) {
      moved.add(to);
      batch.put(Layout.attached(to, key), Bytes.EMPTY);
    }
  }

  /** Puts the changes into a batch and forgets them. */
  void store(Batch batch) {
    for (Lease lease : pending.values()) {
      Bytes row = Layout.lease(lease.id());
      if (isThere(lease)) {
        batch.put(row, LeaseRows.encode(lease));
      } else {
        batch.delete(row);
      }
    }
    pending.clear();
    moved.clear();
  }
}
