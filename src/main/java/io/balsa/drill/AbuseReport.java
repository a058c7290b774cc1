package io.balsa.drill;

import io.balsa.report.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The report of all attacks: a table and a page in Markdown. */
record AbuseReport(List<AbuseResult> results, AbuseDrill.Plan plan) {
  private static final int MIB = 1 << 20;

  boolean held() {
    return broken().isEmpty();
  }

  List<String> broken() {
    return results.stream().flatMap(result -> result.broken().stream()).toList();
  }

  Table table() {
    Table table =
        new Table(
            "attack",
            "at",
            "put p99 ms",
            "slowest ms",
            "failed",
            "ended",
            "leader changed",
            "RSS MiB before/most/after",
            "heap MiB before/after",
            "answers");
    results.forEach(result -> table.row(row(result)));
    return table;
  }

  private static String[] row(AbuseResult result) {
    PoliteClient.Seen polite = result.polite();
    return new String[] {
      result.attack().title(),
      result.at(),
      String.valueOf(polite.p99().toMillis()),
      String.valueOf(polite.slowest().toMillis()),
      polite.failures().size() + " of " + polite.requests(),
      String.valueOf(result.ended().size()),
      result.leaderChanged() ? "yes" : "no",
      resident(result.memory()),
      result.memory().before().heap() / MIB + " / " + result.memory().after().heap() / MIB,
      sums(result.endings())
    };
  }

  private static String resident(AbuseResult.Memory memory) {
    return "%d / %d / %d (%s)"
        .formatted(
            memory.before().resident() / MIB,
            memory.most() / MIB,
            memory.after().resident() / MIB,
            memory.process());
  }

  /** Endings of one code are one number, although their texts differ. */
  static String sums(Map<String, Long> endings) {
    Map<String, Long> byCode = new TreeMap<>();
    endings.forEach((ending, times) -> byCode.merge(code(ending), times, Long::sum));
    return byCode.entrySet().stream()
        .map(sum -> sum.getValue() + " " + sum.getKey())
        .collect(Collectors.joining(", "));
  }

  /** The gRPC code with which a request ended. */
  private static String code(String ending) {
    int colon = ending.indexOf(':');
    return colon < 0 ? ending : ending.substring(0, colon);
  }

  String markdown() {
    StringBuilder page = new StringBuilder("# Abuse: ").append(verdict()).append("\n\n");
    page.append(introduction()).append("\n\n").append(table().markdown());
    broken().forEach(line -> page.append("\n- **broken:** ").append(line));
    page.append("\n\n## How the requests ended\n");
    results.forEach(result -> list(page, result.name(), result.endings()));
    page.append("\n\n## What servers and proxy counted\n");
    results.forEach(result -> list(page, result.name(), result.refusals()));
    return page.toString();
  }

  private static void list(StringBuilder page, String name, Map<String, Long> counts) {
    page.append("\n- ").append(name).append(":\n");
    counts.forEach(
        (line, count) -> page.append("  - ").append(count).append(" × ").append(line).append('\n'));
  }

  private String verdict() {
    return held() ? "every promise held" : "A PROMISE WAS BROKEN";
  }

  private String introduction() {
    return ("Three servers and a proxy on one machine, with %d keys of 256 B and %d of 100 kB. %d"
            + " clients attack at once, for %d s each time. During an attack a polite client"
            + " puts and gets a small key through the proxy. put p99 is the time of its puts, slowest"
            + " that of all its requests; their limits are %d and %d ms. No process may end, and"
            + " the leader may not change. RSS and heap are those of the process that grew most."
            + " At most 30 s after an attack its heap, after a collection, and its buffers may be"
            + " at most %d MiB larger than before.")
        .formatted(
            plan.stock().small(),
            plan.stock().large(),
            plan.clients(),
            plan.time().toSeconds(),
            AbuseResult.P99_MAX.toMillis(),
            AbuseResult.SLOWEST_MAX.toMillis(),
            AbuseMemory.GROWTH_MAX / MIB);
  }
}
