package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.List;

/**
 * All responses of one watch, as its client saw them.
 *
 * @param key the first key watched
 * @param rangeEnd the end of the range, exclusive; empty for a single key
 * @param startRevision the first revision watched; 0 when the server chose it
 * @param withBefore whether the client asked for previous values
 * @param responses the responses in their order
 */
public record RecordedWatch(
    Bytes key, Bytes rangeEnd, long startRevision, boolean withBefore, List<Response> responses) {
  /**
   * A response.
   *
   * @param revision the store's revision from the header; in a progress notification, all events up
   *     to it have arrived
   * @param events the events; none in a progress notification
   */
  public record Response(long revision, List<WatchEvent> events) {}

  /** Whether the watch covers a key. */
  boolean covers(Bytes other) {
    return rangeEnd.isEmpty()
        ? other.equals(key)
        : other.compareTo(key) >= 0 && other.compareTo(rangeEnd) < 0;
  }
}
