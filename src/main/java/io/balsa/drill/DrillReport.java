package io.balsa.drill;

import io.balsa.drill.FailureRound.CatchUp;
import io.balsa.report.Html;
import io.balsa.report.TextTable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a drill found, for people: a table, a page in Markdown, a page in HTML with a picture. */
record DrillReport(List<ScenarioResult> results) {
  private static final String STYLE =
      """
      <style>
      body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 72em; padding: 0 1em; }
      table { border-collapse: collapse; } td, th { border: 1px solid #ccc; padding: .2em .6em; text-align: left; }
      .broken { color: #b00020; } .held { color: #1b6e3c; } svg { max-width: 100%; height: auto; }
      </style>
      """;

  boolean held() {
    return results.stream().allMatch(ScenarioResult::held);
  }

  TextTable table() {
    TextTable table =
        new TextTable(
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

  private static List<String> row(ScenarioResult result) {
    return List.of(
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
        result.linearizable() ? "yes" : "NO");
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
    String sections = results.stream().map(DrillReport::section).collect(Collectors.joining());
    return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Drill</title>\n"
        + STYLE
        + "</head><body>\n<h1 class=\""
        + (held() ? "held" : "broken")
        + "\">Drill: "
        + verdict()
        + "</h1>\n<p>"
        + Html.escaped(introduction())
        + "</p>\n"
        + table().html()
        + sections
        + "</body></html>\n";
  }

  private static String section(ScenarioResult result) {
    String broken =
        result.broken().stream()
            .map(line -> "<p class=\"broken\">" + Html.escaped(line) + "</p>\n")
            .collect(Collectors.joining());
    return "<h2>"
        + Html.escaped(heading(result))
        + "</h2>\n"
        + broken
        + TimelineSvg.of(result.timeline());
  }

  private static String heading(ScenarioResult result) {
    return result.scenario().number() + ". " + result.scenario().title();
  }

  private String verdict() {
    return held() ? "every promise held" : "A PROMISE WAS BROKEN";
  }

  private static String introduction() {
    return "Three servers and a proxy on one machine; "
        + DrillLoad.Plan.DEFAULT.clients()
        + " clients put and get "
        + DrillLoad.Plan.DEFAULT.keys()
        + " shared keys through the proxy, each a request every few milliseconds."
        + " A gap is the longest time without any acknowledged write, or answered read, from just"
        + " before the failure to a second after all is well: the median over the rounds, and the"
        + " maximum. Election: from the failure until a server was seen to lead. Missing, doubled"
        + " and reordered are counted against the store's whole history.";
  }
}
