package io.balsa.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Judges answers by the rights of their users. One changer makes all changes of rights, one after
 * the other, and notes when each was called and when it had returned. So it is known when a user
 * surely had a right and when it surely had none; in between, both answers are good. All times are
 * those of one clock, in nanoseconds.
 */
final class AccessJudge {
  /** How long a watch may go on after its server has learnt that its user lost the right. */
  static final long GRACE_NANOS = 1_000_000_000L;

  private static final long ALWAYS = Long.MIN_VALUE;
  private static final long FOREVER = Long.MAX_VALUE;
  private static final int SHOWN_MAX = 8;

  /** What may be done with the keys of a part. */
  enum Use {
    READ,
    WRITE
  }

  /** A user's right to a part of the keys. */
  record Right(String user, String part, Use use) {}

  /** A time with both ends. */
  record Span(long from, long to) {
    boolean contains(long begin, long end) {
      return from <= begin && end <= to;
    }

    boolean touches(long begin, long end) {
      return from <= end && begin <= to;
    }
  }

  /**
   * A change of a right, in the order of the one changer.
   *
   * @param given whether it gives the right; if not, it takes it
   * @param sure whether it is known to have happened; else it may happen at any later time, until a
   *     later change
   */
  record Change(Right right, boolean given, boolean sure, long called, long returned) {}

  /**
   * A request for one part of the keys that was answered, or denied for want of a right.
   *
   * @param needs the rights that it needs, all of them
   */
  record Asked(
      String user,
      String part,
      Set<Use> needs,
      boolean denied,
      long called,
      long returned,
      String what) {}

  /**
   * An event that came to a user's watch.
   *
   * @param written when the write that made it was called
   */
  record Seen(String user, String part, long written, long arrived, String what) {}

  /**
   * A user's watch.
   *
   * @param servers those that may have served it
   * @param until up to when it went on; then the server ended it, or the watcher
   */
  record Watched(
      String user, String part, List<Integer> servers, long created, long until, String what) {}

  /**
   * All that is judged.
   *
   * @param changes in their order
   * @param proofs for each server the requests that it has answered: it had applied what was done
   *     before their call
   * @param disturbed when a server was stopped or paused, or this process stood still
   */
  record Evidence(
      List<Change> changes,
      List<Asked> asked,
      List<Seen> seen,
      List<Watched> watched,
      Map<Integer, List<Span>> proofs,
      List<Span> disturbed) {}

  private final Evidence evidence;
  private final Map<Right, List<Span>> present = new HashMap<>();
  private final Map<Right, List<Span>> absent = new HashMap<>();
  private final List<String> broken = new ArrayList<>();
  private int answers;
  private int denials;
  private int open;
  private int ends;

  private AccessJudge(Evidence evidence) {
    this.evidence = evidence;
  }

  /** Judges all that was seen. */
  static AccessVerdict judge(Evidence evidence) {
    AccessJudge judge = new AccessJudge(evidence);
    Map<Right, List<Change>> changes = new HashMap<>();
    for (Change each : evidence.changes()) {
      changes.computeIfAbsent(each.right(), _ -> new ArrayList<>()).add(each);
    }
    changes.forEach(judge::follow);
    evidence.asked().forEach(judge::judge);
    evidence.seen().forEach(judge::judge);
    evidence.watched().forEach(judge::judge);
    return judge.verdict();
  }

  private void follow(Right right, List<Change> changes) {
    List<Span> with = present.computeIfAbsent(right, _ -> new ArrayList<>());
    List<Span> without = absent.computeIfAbsent(right, _ -> new ArrayList<>());
    OptionalLong had = OptionalLong.empty();
    OptionalLong lacked = OptionalLong.of(ALWAYS);
    for (Change each : changes) {
      had.ifPresent(from -> with.add(new Span(from, each.called())));
      lacked.ifPresent(from -> without.add(new Span(from, each.called())));
      OptionalLong since = each.sure() ? OptionalLong.of(each.returned()) : OptionalLong.empty();
      had = each.given() ? since : OptionalLong.empty();
      lacked = each.given() ? OptionalLong.empty() : since;
    }
    had.ifPresent(from -> with.add(new Span(from, FOREVER)));
    lacked.ifPresent(from -> without.add(new Span(from, FOREVER)));
  }

  /** A right that was never given was never there. */
  private List<Span> without(Right right) {
    return absent.getOrDefault(right, List.of(new Span(ALWAYS, FOREVER)));
  }

  private boolean surelyLacked(Right right, long from, long to) {
    return without(right).stream().anyMatch(span -> span.contains(from, to));
  }

  private boolean surelyHad(Right right, long from, long to) {
    return present.getOrDefault(right, List.of()).stream()
        .anyMatch(span -> span.contains(from, to));
  }

  private void judge(Asked asked) {
    List<Right> needs =
        asked.needs().stream().map(use -> new Right(asked.user(), asked.part(), use)).toList();
    boolean lacked =
        needs.stream().anyMatch(right -> surelyLacked(right, asked.called(), asked.returned()));
    boolean had =
        needs.stream().allMatch(right -> surelyHad(right, asked.called(), asked.returned()));
    if (!lacked && !had) {
      open++;
    } else if (asked.denied()) {
      denials++;
    } else {
      answers++;
    }
    if (lacked && !asked.denied()) {
      broken.add("an answer without a right: " + asked);
    } else if (had && asked.denied()) {
      broken.add("a denial in spite of a right: " + asked);
    }
  }

  /** An event of a write that was called a second after the right was gone, or later. */
  private void judge(Seen seen) {
    Right read = new Right(seen.user(), seen.part(), Use.READ);
    if (surelyLacked(read, seen.written() - GRACE_NANOS, seen.arrived())) {
      broken.add("an event a second after its watcher had lost the right: " + seen);
    }
  }

  private void judge(Watched watched) {
    for (Span lacked : without(new Right(watched.user(), watched.part(), Use.READ))) {
      OptionalLong learnt = learnt(watched.servers(), lacked.from());
      if (learnt.isPresent() && watched.created() <= learnt.getAsLong()) {
        judge(watched, lacked, learnt.getAsLong());
      }
    }
  }

  private void judge(Watched watched, Span lacked, long learnt) {
    long limit = learnt + GRACE_NANOS;
    boolean wasOpen = watched.until() >= lacked.from();
    boolean disturbed =
        evidence.disturbed().stream().anyMatch(span -> span.touches(lacked.from(), limit));
    if (!wasOpen || disturbed || lacked.to() < limit) {
      return;
    }
    ends++;
    if (watched.until() > limit) {
      broken.add(
          "a watch went on a second after its server knew that the right was lost: " + watched);
    }
  }

  /** When all these servers have surely applied what was done before a time. */
  private OptionalLong learnt(List<Integer> servers, long time) {
    long last = ALWAYS;
    for (int server : servers) {
      OptionalLong first =
          evidence.proofs().getOrDefault(server, List.of()).stream()
              .filter(proof -> proof.from() >= time)
              .mapToLong(Span::to)
              .min();
      if (first.isEmpty()) {
        return OptionalLong.empty();
      }
      last = Math.max(last, first.getAsLong());
    }
    return OptionalLong.of(last);
  }

  private AccessVerdict verdict() {
    String counts =
        "%d changes of rights, %d answers and %d denials judged, %d too near to a change, %d events, %d ends of watches"
            .formatted(
                evidence.changes().size(), answers, denials, open, evidence.seen().size(), ends);
    if (!broken.isEmpty()) {
      List<String> shown = broken.stream().limit(SHOWN_MAX).toList();
      return new AccessVerdict(
          AccessVerdict.Kind.BROKEN,
          counts + "; BROKEN " + broken.size() + " times\n  " + String.join("\n  ", shown));
    }
    if (answers == 0 || denials == 0) {
      return new AccessVerdict(
          AccessVerdict.Kind.UNKNOWN,
          counts + "; UNKNOWN, which proves nothing: too few answers could be judged");
    }
    return new AccessVerdict(
        AccessVerdict.Kind.HOLD, counts + "; no answer that its user may not have had");
  }
}
