package io.balsa.watch;

import java.util.HashMap;

/**
 * The memory of all watches, and the part of each owner: a user, or a stream without a user. The
 * last quarter is divided evenly among the owners, so that one owner with many watches does not
 * take the watches of all others.
 */
final class WatchShares {
  private final long bytesMax;
  private final HashMap<Object, Long> ofOwners = new HashMap<>();
  private long bytes;

  /** No watches, which may take a number of bytes together. */
  WatchShares(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Whether an owner may have no further watch. One without a watch can have one while any can. */
  boolean isFullFor(Object owner) {
    if (bytes < bytesMax - bytesMax / 4) {
      return false;
    }
    Long own = ofOwners.get(owner);
    return bytes >= bytesMax || (own != null && own >= bytesMax / 4 / ofOwners.size());
  }

  void add(Object owner, long more) {
    bytes += more;
    ofOwners.merge(owner, more, Long::sum);
  }

  void remove(Object owner, long less) {
    bytes -= less;
    ofOwners.computeIfPresent(owner, (_, own) -> own > less ? own - less : null);
  }
}
