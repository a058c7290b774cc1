package io.balsa.verify;

import io.balsa.check.ChangeLog;
import io.balsa.check.History;
import io.balsa.check.RecordedWatch;
import io.balsa.check.WatchGuarantees;
import io.balsa.check.WatchGuarantees.Broken;
import io.balsa.check.WatchGuarantees.Guarantee;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;

/** Checks recorded watches against the changes that happened. */
final class WatchCheck {
  private static final int SHOWN_MAX = 12;

  /**
   * A watch on one stream.
   *
   * @param where the address
   * @param end why the server ended it; empty when the watcher ended it
   */
  record WatchedStream(String where, RecordedWatch watched, String end) {
    @Override
    public String toString() {
      int events = watched.responses().stream().mapToInt(each -> each.events().size()).sum();
      String span = watched.rangeEnd().isEmpty() ? " alone" : " up to " + watched.rangeEnd();
      return "%s: %s%s from revision %d%s: %d events in %d responses%s"
          .formatted(
              where,
              watched.key(),
              span,
              watched.startRevision(),
              watched.withBefore() ? " with values before" : "",
              events,
              watched.responses().size(),
              end.isEmpty() ? "" : "; ended: " + end);
    }
  }

  private final List<String> broken = new ArrayList<>();
  private final EnumMap<Guarantee, Integer> times = new EnumMap<>(Guarantee.class);
  private final EnumMap<Guarantee, String> examples = new EnumMap<>(Guarantee.class);

  private WatchCheck() {}

  /**
   * Checks all watches.
   *
   * @param seen the watches, including those that read the changes
   * @param changes all changes that happened
   * @param history the requests and answers of the clients
   * @return a line for each broken guarantee, and for each change that contradicts the history;
   *     empty when all holds
   */
  static List<String> broken(List<WatchedStream> seen, ChangeLog changes, History history) {
    WatchCheck check = new WatchCheck();
    seen.forEach(each -> check.check(each, changes));
    check.times.forEach(check::report);
    for (String contradiction : changes.contradictions(history)) {
      check.broken.add("the changes contradict the history: " + contradiction);
    }
    return check.broken.stream().limit(SHOWN_MAX).toList();
  }

  private void check(WatchedStream seen, ChangeLog changes) {
    EnumMap<Guarantee, String> first = new EnumMap<>(Guarantee.class);
    for (Broken each : WatchGuarantees.check(seen.watched(), changes)) {
      first.putIfAbsent(each.guarantee(), each.what());
    }
    first.forEach(
        (guarantee, what) -> {
          times.merge(guarantee, 1, Integer::sum);
          examples.putIfAbsent(guarantee, "the watch at " + seen + "\n    " + what);
        });
  }

  private void report(Guarantee guarantee, int streams) {
    String name = guarantee.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    broken.add(
        "%s broken in %d streams, first by %s".formatted(name, streams, examples.get(guarantee)));
  }
}
