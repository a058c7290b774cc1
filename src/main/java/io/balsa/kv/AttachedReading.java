package io.balsa.kv;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Reads the keys that hang on a lease. */
final class AttachedReading extends Reading<List<Bytes>> {
  /** What a key takes beside its bytes, here and in the answer. */
  private static final long KEY_BYTES = 96;

  private final ViewKeyspace keys;
  private final long lease;
  private Walk walk;
  private List<Bytes> attached = new ArrayList<>();

  AttachedReading(long lease, ViewKeyspace keys, Held held) {
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
      if (held().take(KEY_BYTES + key.size())) {
        attached.add(key);
      }
    }
    return !there;
  }

  @Override
  void drop() {
    attached = new ArrayList<>();
  }

  @Override
  void restart() {
    walk.close();
    walk = LeaseRows.walk(keys.view(), lease);
    attached = new ArrayList<>();
  }

  @Override
  public void pause() {
    walk.pause();
  }

  @Override
  public List<Bytes> answer() {
    return attached;
  }
}
