package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.kv.StoreReader.LeaseKeys;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Layout;
import io.balsa.rows.LeaseRows;
import io.balsa.rows.ViewKeyspace;
import io.balsa.rows.Walk;
import java.util.ArrayList;
import java.util.List;

/** Reads the keys that are attached to a lease. */
final class AttachedReading extends Reading<LeaseKeys> {
  /** The bytes of a key beside its own, here and in the answer. */
  private static final long KEY_BYTES = 96;

  private final ViewKeyspace keys;
  private final long lease;
  private Walk walk;
  private List<Bytes> attached = new ArrayList<>();

  AttachedReading(long lease, ViewKeyspace keys, AnswerBytes held) {
    super(held);
    this.keys = keys;
    this.lease = lease;
    this.walk = LeaseRows.walk(keys.view(), lease);
  }

  @Override
  boolean step() {
    boolean there = walk.next();
    if (there) {
      Bytes key = Layout.keyOfAttached(walk.key());
      if (isThere(key) && held().take(KEY_BYTES + key.size())) {
        attached.add(key);
      }
    }
    return !there;
  }

  /** A key that a tombstone deleted stays attached to its lease until it is swept. */
  private boolean isThere(Bytes key) {
    return keys.tombstones().isEmpty() || keys.newest(key) != null;
  }

  @Override
  void dropParts() {
    attached = new ArrayList<>();
  }

  @Override
  void reset() {
    walk.close();
    walk = LeaseRows.walk(keys.view(), lease);
    attached = new ArrayList<>();
  }

  @Override
  public void pause() {
    walk.pause();
  }

  @Override
  public LeaseKeys answer() {
    return new LeaseKeys(attached, null);
  }
}
