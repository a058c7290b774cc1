package io.balsa.drill;

import io.balsa.drill.FailureRound.CatchUp;
import io.balsa.report.Page;
import io.balsa.report.Table;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The report of a drill: a table, a page in Markdown, and a page in HTML with charts. */
record DrillReport(List<ScenarioResult> results) {
  /** The data of the HTML page. */
  private record Data(
      boolean held,
      String verdict,
      String introduction,
      List<String> header,
      List<List<String>> rows,
      List<Section> scenarios) {}

  private record Section(String heading, List<String> broken, Timeline.OnPage timeline) {}

  boolean held() {
    return results.stream().allMatch(ScenarioResult::held);
  }

  Table table() {
    Table table =
        new Table(
            "#",
            "scenario",
            "rounds",
            "election",
            "gap in writes",
            "gap in reads",
            "caught up",
            "acknowledged",
            "missing",
            "doubled",
            "reordered",
            "hashes",
            "linearizable");
    results.forEach(result -> table.row(row(result)));
    return table;
  }

  private static String[] row(ScenarioResult result) {
    return new String[] {
      String.valueOf(result.scenario().number()),
      result.scenario().title(),
      String.valueOf(result.rounds().size()),
      medianAndMax(result, FailureRound::election),
      medianAndMax(result, round -> Optional.of(round.writeGap())),
      medianAndMax(result, round -> Optional.of(round.readGap())),
      caughtUp(result),
      String.valueOf(result.audit().acknowledged()),
      String.valueOf(result.audit().missing()),
      String.valueOf(result.audit().duplicated()),
      String.valueOf(result.audit().reordered()),
      result.hashesEqual() ? "equal" : "DIFFER",
      result.linearizable() ? "yes" : "NO"
    };
  }

  private static String medianAndMax(
      ScenarioResult result, Function<FailureRound, Optional<Duration>> measure) {
    Optional<Duration> median = result.median(measure);
    Optional<Duration> largest = result.largest(measure);
    if (median.isEmpty() || largest.isEmpty()) {
      return "-";
    }
    return median.equals(largest)
        ? millis(median.get())
        : millis(median.get()) + " (max " + millis(largest.get()) + ")";
  }

  private static String caughtUp(ScenarioResult result) {
    return result.rounds().stream()
        .flatMap(round -> round.catchUp().stream())
        .reduce((one, other) -> one.time().compareTo(other.time()) >= 0 ? one : other)
        .map(DrillReport::caughtUp)
        .orElse("-");
  }

  private static String caughtUp(CatchUp catchUp) {
    return "%d entries by %s in %s"
        .formatted(
            catchUp.entries(),
            catchUp.way().name().toLowerCase(Locale.ROOT),
            millis(catchUp.time()));
  }

  static String millis(Duration time) {
    return time.toMillis() + " ms";
  }

  String markdown() {
    StringBuilder page = new StringBuilder("# Drill: ").append(verdict()).append("\n\n");
    page.append(introduction()).append("\n\n").append(table().markdown());
    for (ScenarioResult result : results) {
      page.append("\n## ").append(heading(result)).append("\n\n");
      result.broken().forEach(line -> page.append("- **broken:** ").append(line).append('\n'));
      result
          .timeline()
          .marks()
          .forEach(
              mark ->
                  page.append("- ")
                      .append(millis(mark.at()))
                      .append(": ")
                      .append(mark.text())
                      .append('\n'));
    }
    return page.toString();
  }

  String html() {
    return Page.of("drill.html", data());
  }

  private Data data() {
    return new Data(
        held(),
        verdict(),
        introduction(),
        table().header(),
        table().rows(),
        results.stream().map(DrillReport::section).toList());
  }

  private static Section section(ScenarioResult result) {
    return new Section(heading(result), result.broken(), result.timeline().onPage());
  }

  private static String heading(ScenarioResult result) {
    return result.scenario().number() + ". " + result.scenario().title();
  }

  private String verdict() {
    return held() ? "every promise held" : "A PROMISE WAS BROKEN";
  }

  private static String introduction() {
    return "Three servers and a proxy run on one machine. "
        + DrillLoad.Plan.DEFAULT.clients()
        + " clients put and get "
        + DrillLoad.Plan.DEFAULT.keys()
        + " shared keys through the proxy, each with a request every few milliseconds."
        + " A gap is the longest time without an acknowledged write or an answered read. It is"
        + " measured from just before the failure to a second after the recovery. The table has the"
        + " median of all rounds and the maximum. Election is the time from the failure until a"
        + " server reported that it leads. Missing, doubled and reordered writes are found by a"
        + " comparison with the whole history of the store.";
  }
}
