package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The batches that a follower has passed on to this leader, so that a doubled message is appended
 * once. A follower that starts anew numbers its batches from the beginning, but its commands differ
 * from those before: a batch is known by its number and its first command.
 */
final class ForwardedBatches {
  /** Far more than can be on their way; the oldest are forgotten. */
  private static final int REMEMBERED_MAX = 4096;

  private record Batch(long number, int firstHash) {}

  private final LinkedHashSet<Batch> seen = new LinkedHashSet<>();

  /** Whether a batch is seen for the first time. */
  boolean isFirst(long number, List<Bytes> commands) {
    int firstHash = commands.isEmpty() ? 0 : commands.getFirst().hashCode();
    boolean first = seen.add(new Batch(number, firstHash));
    if (seen.size() > REMEMBERED_MAX) {
      seen.removeFirst();
    }
    return first;
  }
}
