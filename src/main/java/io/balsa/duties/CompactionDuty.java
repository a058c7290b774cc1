package io.balsa.duties;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Automatic compaction. Every server notes the newest revision with the time, so a new leader knows
 * as much as the last one. Only the leader proposes. Within one retention time, the history is
 * compacted in ten small steps, not in one large step.
 */
public final class CompactionDuty {
  /** Between two compactions by revision, in milliseconds. */
  private static final long REVISION_EVERY = 10_000;

  private static final int STEPS = 10;

  /** The newest revision at a time. */
  private record Mark(long at, long revision) {}

  private final CompactionPolicy policy;
  private final long every;
  private final Deque<Mark> marks = new ArrayDeque<>();
  private long lastAt;
  private boolean begun;

  /** A duty by a policy. */
  public CompactionDuty(CompactionPolicy policy) {
    this.policy = policy;
    this.every =
        policy.mode() == CompactionPolicy.Mode.PERIODIC
            ? Math.max(1, policy.retention() / STEPS)
            : REVISION_EVERY;
  }

  /**
   * Takes the current time. Must be called about once a second.
   *
   * @param now milliseconds of a clock that never decreases
   * @param leads whether this server may propose
   * @return the revision to compact at; 0 for none
   */
  public long step(long now, boolean leads, long revision, long compactRevision) {
    if (policy.mode() == CompactionPolicy.Mode.OFF || (begun && now - lastAt < every)) {
      return 0;
    }
    begun = true;
    lastAt = now;
    long target =
        policy.mode() == CompactionPolicy.Mode.PERIODIC
            ? newestOfThen(now, revision)
            : revision - policy.retention();
    return leads && target > Math.max(1, compactRevision) ? target : 0;
  }

  /** The newest revision at the begin of the retention time; 0 when it is not known. */
  private long newestOfThen(long now, long revision) {
    marks.addLast(new Mark(now, revision));
    long target = 0;
    while (!marks.isEmpty() && now - marks.getFirst().at() >= policy.retention()) {
      target = marks.removeFirst().revision();
    }
    return target;
  }
}
