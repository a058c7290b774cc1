package io.balsa.queue;

import io.balsa.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a waiter in a queue has its turn: when no key of the queue was created before its
 * own. Each waiter awaits the deletion of its predecessor's key alone, so that one deletion wakes
 * one waiter.
 *
 * <ol>
 *   <li>The waiter reads {@link #predecessor}, and asks {@link #awaited} about the answer.
 *   <li>It watches for the deletion it is given, and begins again when it sees the deletion. It
 *       also begins again when the watch ends for any other reason, such as a compaction.
 *   <li>When there is nothing to await, it has its turn. Its own key may be gone by then: its lease
 *       may have ended while it waited.
 * </ol>
 *
 * @param createRevision of the waiter's own key. It fences: the next holder has a larger one.
 */
public record QueueTurn(QueueKeys keys, long createRevision) {
  /**
   * A deletion that the waiter awaits.
   *
   * @param fromRevision the first revision that can contain it
   */
  public record Deletion(Bytes key, long fromRevision) {}

  /** Finds the key before the waiter's own. */
  public KeySearch predecessor() {
    return keys.lastBefore(createRevision);
  }

  /**
   * The deletion that the waiter awaits after it has read its predecessor.
   *
   * @param found the predecessor's key; null when there is none
   * @param revision the store's revision at which it was read
   * @return null when the waiter has its turn
   */
  public @Nullable Deletion awaited(@Nullable Bytes found, long revision) {
    return found == null ? null : new Deletion(found, revision + 1);
  }
}
