package io.balsa.api;

import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;
import java.time.Duration;

/** Logs slow writes to the disk and slow applying, once a minute; from any lane. */
final class SlowWork {
  /** etcd's default for {@code --warning-apply-duration}. */
  static final Duration APPLY_DEFAULT = Duration.ofMillis(100);

  /** A healthy disk takes less; etcd warns after a second. */
  private static final Duration FORCE = Duration.ofMillis(500);

  private static final LogEvent SLOW_DISK =
      LogEvent.warn(
          "io.balsa.api",
          "the disk is slow: a write of the log took too long",
          "give the data directory a faster disk, or keep other programs off it");

  private static final LogEvent SLOW_APPLY =
      LogEvent.warn(
          "io.balsa.api",
          "applying entries took too long",
          "look for large transactions and ranges, and for lack of processor time");

  private final RareLine slowDisk = new RareLine(SLOW_DISK);
  private final RareLine slowApply = new RareLine(SLOW_APPLY);
  private final Duration apply;

  /**
   * @param apply applying a batch that takes longer is slow; 0 or less for none
   */
  SlowWork(Duration apply) {
    this.apply = apply;
  }

  /** A force of the log took so many nanoseconds. */
  void forced(long nanos) {
    if (nanos >= FORCE.toNanos()) {
      slowDisk.happened("took", Duration.ofNanos(nanos), "expected", FORCE);
    }
  }

  /** So many entries were applied in so many nanoseconds. */
  void applied(int entries, long nanos) {
    // compared as durations: one longer than 292 years has no number of nanoseconds
    if (apply.isPositive() && Duration.ofNanos(nanos).compareTo(apply) >= 0) {
      slowApply.happened("entries", entries, "took", Duration.ofNanos(nanos), "expected", apply);
    }
  }
}
