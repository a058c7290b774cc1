package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.model.KeyValue;
import io.balsa.model.Seen;
import io.balsa.model.Span;
import io.balsa.rows.Head;
import io.balsa.rows.Layout;
import io.balsa.rows.MergedRows;
import io.balsa.rows.Octets;
import io.balsa.rows.PendingRows;
import io.balsa.rows.Row;
import io.balsa.rows.Rows;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest versions, stored or in the batch, with those that a tombstone covers. They are a
 * function of the log.
 */
final class DraftKeys {
  private final Engine engine;

  /** The versions that are not stored yet; version 0 stands for a deleted key. */
  private final NavigableMap<Bytes, KeyValue> pending = new TreeMap<>();

  /** Memory for the first bytes of rows. */
  private final Octets octets = new Octets();

  /** A view of what is stored, opened when first needed. */
  private Engine.@Nullable View view;

  DraftKeys(Engine engine) {
    this.engine = engine;
  }

  @Nullable KeyValue get(Bytes key) {
    KeyValue kv = pending.get(key);
    if (kv != null) {
      return isThere(kv) ? kv : null;
    }
    Bytes row = engine.get(Layout.current(key));
    return row == null ? null : Row.decode(key, row);
  }

  /** As {@link #get}, but reads no value that is large. */
  @Nullable Seen glance(Bytes key) {
    KeyValue kv = pending.get(key);
    if (kv != null) {
      return isThere(kv) ? Seen.whole(kv) : null;
    }
    Head head = new Head(octets);
    int size = engine.peek(Layout.current(key), head.octets());
    return size == Engine.NONE ? null : head.newest(size).seen(key);
  }

  Rows rows(Span span) {
    Rows below = Rows.newest(view(), octets, span);
    if (pending.isEmpty()) {
      return below;
    }
    Rows part = new PendingRows(span.of(pending).values().iterator());
    return new MergedRows(part, below).where(DraftKeys::isThere);
  }

  private static boolean isThere(KeyValue kv) {
    return kv.version() != 0;
  }

  /** Memory for the first bytes of rows, of the apply lane. */
  Octets octets() {
    return octets;
  }

  void put(KeyValue kv) {
    pending.put(kv.key(), kv);
  }

  /** A view of what is stored. */
  Engine.View view() {
    Engine.View open = view;
    if (open == null) {
      open = engine.view();
      view = open;
    }
    return open;
  }

  /** Puts the changes into a batch and forgets them. */
  void store(Batch batch) {
    for (KeyValue kv : pending.values()) {
      Bytes row = Layout.current(kv.key());
      if (isThere(kv)) {
        batch.put(row, Row.encode(kv));
      } else {
        batch.delete(row);
      }
    }
    pending.clear();
  }

  void closeView() {
    if (view != null) {
      view.close();
      view = null;
    }
  }
}
