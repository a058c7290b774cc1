package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.List;

/**
 * A watch from its beginning to its end, as its client saw it.
 *
 * @param key the first key watched
 * @param rangeEnd the key behind the last; empty for the one key alone
 * @param startRevision the first revision watched; 0 when the server chose
 * @param withBefore whether values before were asked for
 * @param responses what came, in its order
 */
public record RecordedWatch(
    Bytes key, Bytes rangeEnd, long startRevision, boolean withBefore, List<Response> responses) {
  /**
   * A response.
   *
   * @param revision the store's, from the header; with no events a promise that all up to it came
   * @param events what happened; none for a progress notification
   */
  public record Response(long revision, List<WatchEvent> events) {}

  /** Whether it is of a key. */
  boolean covers(Bytes other) {
    return rangeEnd.isEmpty()
        ? other.equals(key)
        : other.compareTo(key) >= 0 && other.compareTo(rangeEnd) < 0;
  }
}
