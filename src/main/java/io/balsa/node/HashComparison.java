package io.balsa.node;

import io.balsa.wire.Frame;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares the replicas' rolling hashes: followers send theirs at certain indexes, and the leader
 * compares them with its own. Owned by the raft lane.
 */
final class HashComparison {
  private static final int KEPT = 256;

  private final NavigableMap<Long, Long> own = new TreeMap<>();
  private final NavigableMap<Long, Long> ahead = new TreeMap<>();

  /**
   * This server's hash.
   *
   * @return the index, if a follower that was ahead sent another hash
   */
  Optional<Long> own(Frame.StateHash hash) {
    own.put(hash.index(), hash.hash());
    trim(own);
    return differs(ahead.remove(hash.index()), hash);
  }

  /**
   * A follower's hash.
   *
   * @return the index, if this server or another follower has another hash there
   */
  Optional<Long> ofFollower(Frame.StateHash hash) {
    Long mine = own.get(hash.index());
    if (mine == null) {
      Long other = ahead.put(hash.index(), hash.hash());
      trim(ahead);
      return differs(other, hash);
    }
    return differs(mine, hash);
  }

  private static Optional<Long> differs(@Nullable Long known, Frame.StateHash hash) {
    return known != null && known != hash.hash() ? Optional.of(hash.index()) : Optional.empty();
  }

  private static void trim(NavigableMap<Long, Long> hashes) {
    if (hashes.size() > KEPT) {
      hashes.pollFirstEntry();
    }
  }
}
