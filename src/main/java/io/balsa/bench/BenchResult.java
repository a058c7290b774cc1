package io.balsa.bench;

import com.google.gson.JsonObject;
import io.balsa.bench.Bench.Plan;
import io.balsa.report.Table;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * The result of a bench.
 *
 * @param perSecond answers per second
 * @param reasons the message of each failure, with the number of failures
 */
public record BenchResult(
    Plan plan,
    double perSecond,
    long answers,
    long failures,
    Latencies latencies,
    Map<String, Long> reasons) {
  /** Milliseconds from a request to its answer: the mean, percentiles and the maximum. */
  public record Latencies(
      double mean, double p50, double p90, double p99, double p999, double max) {
    static Latencies of(Histogram nanos) {
      return new Latencies(
          nanos.getMean() / 1e6,
          nanos.getValueAtPercentile(50) / 1e6,
          nanos.getValueAtPercentile(90) / 1e6,
          nanos.getValueAtPercentile(99) / 1e6,
          nanos.getValueAtPercentile(99.9) / 1e6,
          nanos.getMaxValue() / 1e6);
    }

    private List<Double> all() {
      return List.of(mean, p50, p90, p99, p999, max);
    }
  }

  private static final List<String> NAMES = List.of("mean", "p50", "p90", "p99", "p99.9", "max");

  static BenchResult of(
      Plan plan, Duration took, Histogram nanos, long failures, Map<String, Long> reasons) {
    return new BenchResult(
        plan,
        nanos.getTotalCount() * 1e9 / took.toNanos(),
        nanos.getTotalCount(),
        failures,
        Latencies.of(nanos),
        new TreeMap<>(reasons));
  }

  private String kind() {
    return plan.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A table, followed by the load and the failures. */
  public String table() {
    Table table = new Table("what", "ops/s", "mean ms", "p50", "p90", "p99", "p99.9", "max");
    List<String> cells =
        latencies.all().stream().map(each -> String.format(Locale.ROOT, "%.2f", each)).toList();
    table.row(
        kind(),
        String.format(Locale.ROOT, "%.0f", perSecond),
        cells.get(0),
        cells.get(1),
        cells.get(2),
        cells.get(3),
        cells.get(4),
        cells.get(5));
    String load =
        "closed loop: %d clients on %d connections, each waits for its answer before its next request; values of %d bytes, %d keys"
            .formatted(plan.clients(), plan.connections(), plan.valueBytes(), plan.keys());
    return table.text() + "\n" + load + failed();
  }

  private String failed() {
    return reasons.entrySet().stream()
        .map(reason -> "\nfailed " + reason.getValue() + " times: " + reason.getKey())
        .collect(Collectors.joining());
  }

  /** The same as one line of JSON; times are in milliseconds with three decimals. */
  public String json() {
    JsonObject json = new JsonObject();
    json.addProperty("loop", "closed");
    json.addProperty("what", kind());
    json.addProperty("clients", plan.clients());
    json.addProperty("connections", plan.connections());
    json.addProperty("valueBytes", plan.valueBytes());
    json.addProperty("keys", plan.keys());
    json.addProperty("seconds", plan.time().toSeconds());
    json.addProperty("answers", answers);
    json.addProperty("failures", failures);
    json.addProperty("opsPerSecond", number(perSecond));
    for (int i = 0; i < NAMES.size(); i++) {
      json.addProperty(NAMES.get(i).replace(".", "") + "Ms", number(latencies.all().get(i)));
    }
    return json.toString();
  }

  private static BigDecimal number(double value) {
    String digits = value == Math.rint(value) ? "%.0f" : "%.3f";
    return new BigDecimal(String.format(Locale.ROOT, digits, value));
  }
}
