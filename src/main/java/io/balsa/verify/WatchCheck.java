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

/** Watches held against what happened. */
final class WatchCheck {
  private static final int SHOWN_MAX = 12;

  /**
   * A watch on one stream.
   *
   * @param where its address
   * @param end why it ended; empty when its watcher ended it
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
   * Judges.
   *
   * @param seen all watches, those too by which the changes were read
   * @param changes what happened
   * @param history what clients were told by other requests
   * @return a line for each guarantee that is broken, and for what of the changes does not fit the
   *     history; empty when all holds
   */
  static List<String> broken(List<WatchedStream> seen, ChangeLog changes, History history) {
    WatchCheck check = new WatchCheck();
    seen.forEach(each -> check.hold(each, changes));
    check.times.forEach(check::tell);
    for (String contradiction : changes.contradictions(history)) {
      check.broken.add("the changes told are not those made: " + contradiction);
    }
    return check.broken.stream().limit(SHOWN_MAX).toList();
  }

  private void hold(WatchedStream seen, ChangeLog changes) {
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

  private void tell(Guarantee guarantee, int streams) {
    String name = guarantee.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    broken.add(
        "%s broken in %d streams, first by %s".formatted(name, streams, examples.get(guarantee)));
  }
}
