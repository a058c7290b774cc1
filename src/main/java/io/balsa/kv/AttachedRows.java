package io.balsa.kv;

import io.balsa.auth.AttachedKeys;
import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.model.Seen;
import io.balsa.rows.Keyspace;
import io.balsa.rows.Layout;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys that are attached to a lease in the stored rows, for a judgement. The rows are in
 * order of key, so it looks only where a user may not.
 *
 * <p>A row whose key is deleted by a large deletion, or since the batch was stored, does not count.
 * After {@link #GONE_MAX} such rows it answers that there may be a key. So a judgement has a bound,
 * and refuses rather than allows.
 */
final class AttachedRows implements AttachedKeys {
  private static final int GONE_MAX = 1_000;

  private final LongFunction<Engine.View> views;
  private final Keyspace keys;
  private int gone;

  /**
   * For one judgement, or for several that each {@link #begin}.
   *
   * @param views a view with all keys that are attached to a lease
   * @param keys which keys there are
   */
  AttachedRows(LongFunction<Engine.View> views, Keyspace keys) {
    this.views = views;
    this.keys = keys;
  }

  AttachedRows begin() {
    gone = 0;
    return this;
  }

  @Override
  public boolean hasKeyIn(long lease, Bytes from, @Nullable Bytes to) {
    if (!keys.hasLease(lease)) {
      return false;
    }
    Bytes end = to == null ? Layout.attachedEnd(lease) : Layout.attached(lease, to);
    try (Engine.Cursor rows = views.apply(lease).scan(Layout.attached(lease, from), end)) {
      while (rows.next()) {
        Seen seen = keys.glance(Layout.keyOfAttached(rows.key()));
        if ((seen != null && seen.kv().lease() == lease) || ++gone > GONE_MAX) {
          return true;
        }
      }
    }
    return false;
  }
}
