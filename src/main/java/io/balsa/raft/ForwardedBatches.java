package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The batches that a follower has forwarded to this leader, so that a duplicate message is appended
 * once. {@link Input.Propose} promises only that a run of a server uses no number twice. So number
 * and first command together identify a batch.
 */
final class ForwardedBatches {
  /** Far more batches than can be on their way; older ones are forgotten. */
  private static final int REMEMBERED_MAX = 4096;

  private record Batch(long number, int firstHash) {}

  private final LinkedHashSet<Batch> seen = new LinkedHashSet<>();

  /** Remembers a batch; gives whether this is the first time. */
  boolean add(long number, List<Bytes> commands) {
    int firstHash = commands.isEmpty() ? 0 : commands.getFirst().hashCode();
    boolean first = seen.add(new Batch(number, firstHash));
    if (seen.size() > REMEMBERED_MAX) {
      seen.removeFirst();
    }
    return first;
  }
}
