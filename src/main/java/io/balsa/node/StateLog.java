package io.balsa.node;

import io.balsa.host.Clock;
import io.balsa.lanes.MemberNames;
import io.balsa.logging.LogEvent;
import io.balsa.model.Alarm;
import io.balsa.node.apply.AppliedFacts;
import java.time.Duration;
import java.util.List;

/** Logs what applied entries change for an operator: alarms and compactions; on the apply lane. */
final class StateLog {
  private static final LogEvent FULL =
      LogEvent.warn(
          "io.balsa.node",
          "alarm NOSPACE is raised, puts are refused",
          "delete keys, compact and enlarge the quota or the disk, then disarm the alarm");

  private static final LogEvent CORRUPT =
      LogEvent.error(
          "io.balsa.node",
          "alarm CORRUPT is raised, writes are refused",
          "compare 'etcdctl endpoint hashkv' of all members, mend the data, then disarm the alarm");

  private static final LogEvent CLEARED = LogEvent.info("io.balsa.node", "an alarm is cleared");

  private static final LogEvent COMPACTED =
      LogEvent.info("io.balsa.node", "history is compacted, its space is given back step by step");

  private static final LogEvent SWEPT =
      LogEvent.info("io.balsa.node", "the space of compacted history is given back");

  private final Clock clock;
  private List<Alarm> alarms = List.of();
  private long compacted = -1;
  private long compactedAtNanos;
  private boolean compacts;
  private boolean begun;

  /** A log that knows no facts. */
  StateLog(Clock clock) {
    this.clock = clock;
  }

  /** Something was applied. */
  void applied(AppliedFacts facts) {
    List<Alarm> before = alarms;
    if (!facts.alarms().equals(before)) {
      alarms = facts.alarms();
      facts.alarms().stream()
          .filter(alarm -> !before.contains(alarm))
          .forEach(alarm -> log(alarm.kind() == Alarm.Kind.NOSPACE ? FULL : CORRUPT, alarm, facts));
      before.stream()
          .filter(alarm -> !facts.alarms().contains(alarm))
          .forEach(alarm -> log(CLEARED, alarm, facts));
    }
    if (facts.compactRevision() != compacted) {
      compactionBegins(facts);
    }
    begun = true;
  }

  private void log(LogEvent event, Alarm alarm, AppliedFacts facts) {
    event.log(
        "alarm",
        alarm.kind(),
        "member",
        MemberNames.of(facts.members(), alarm.member()),
        "member-id",
        Long.toHexString(alarm.member()),
        "used-bytes",
        facts.usedBytes(),
        "quota-bytes",
        facts.quota());
  }

  /** The facts of the start hold an old compaction. */
  private void compactionBegins(AppliedFacts facts) {
    compacted = facts.compactRevision();
    if (begun) {
      compacts = true;
      compactedAtNanos = clock.nanos();
      COMPACTED.log("compact-revision", compacted, "revision", facts.revision());
    }
  }

  /** The compacted history is removed. */
  void swept() {
    if (compacts) {
      compacts = false;
      Duration took = Duration.ofNanos(clock.nanos() - compactedAtNanos);
      SWEPT.log("compact-revision", compacted, "took", took);
    }
  }
}
