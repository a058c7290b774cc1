package io.balsa.bench;

import com.google.gson.JsonObject;
import io.balsa.bench.BenchResult.Latencies;
import io.balsa.bench.WatchBench.Plan;
import io.balsa.report.Table;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * The result of a bench of watches.
 *
 * @param events the number of events in the measured time
 * @param perSecond events per second
 * @param cpuMicros the CPU time of all servers per event, in microseconds, with all their other
 *     work; 0 when it is not known
 * @param memoryGrown the largest growth of a server's memory, in bytes; 0 when it is not known
 * @param delays from the time when a put was due to its event
 * @param stalled what the stalled watcher received; empty without one
 */
public record WatchBenchResult(
    Plan plan,
    long events,
    double perSecond,
    double cpuMicros,
    long memoryGrown,
    Latencies delays,
    long putsFailed,
    String stalled) {
  private static final double MIB = 1 << 20;

  static WatchBenchResult of(
      Plan plan,
      Duration took,
      Duration cpu,
      long memoryGrown,
      Histogram nanos,
      long putsFailed,
      String stalled) {
    long events = nanos.getTotalCount();
    return new WatchBenchResult(
        plan,
        events,
        events * 1e9 / took.toNanos(),
        events == 0 ? 0 : cpu.toNanos() / 1e3 / events,
        memoryGrown,
        Latencies.of(nanos),
        putsFailed,
        stalled);
  }

  /** The number of events per second that the rate of puts should give. */
  private long expected() {
    return (long) plan.rate() * (plan.ownKeys() ? 1 : plan.watchers());
  }

  /** A table, followed by the load, failed puts and the stalled watcher. */
  public String table() {
    Table table =
        new Table(
            "watchers",
            "puts/s",
            "events/s",
            "of",
            "p50 ms",
            "p99",
            "max",
            "CPU us per event",
            "memory +MiB");
    table.row(
        plan.watchers() + (plan.ownKeys() ? " of a key each" : " of one prefix"),
        String.valueOf(plan.rate()),
        decimals(0, perSecond),
        String.valueOf(expected()),
        decimals(2, delays.p50()),
        decimals(2, delays.p99()),
        decimals(2, delays.max()),
        areServersHere() ? decimals(2, cpuMicros) : "-",
        areServersHere() ? decimals(0, memoryGrown / MIB) : "-");
    String load =
        "puts at a fixed rate; the delay is from the time a put was due to its event; %d streams, values of %d bytes"
            .formatted(plan.connections(), plan.valueBytes());
    String failed = putsFailed == 0 ? "" : "\nputs failed: " + putsFailed;
    String slow = stalled.isEmpty() ? "" : "\nthe stalled watcher: " + stalled;
    return table.text() + "\n" + load + failed + slow;
  }

  /** Whether the servers run on this machine, so that their CPU time and memory are known. */
  private boolean areServersHere() {
    return !plan.pids().isEmpty();
  }

  /** Whether there were events, and the stalled watcher received what it must. */
  public boolean isWell() {
    return events > 0 && !stalled.startsWith("BROKEN");
  }

  /** The same as one line of JSON; unknown values are null. */
  public String json() {
    JsonObject json = new JsonObject();
    json.addProperty("what", "watch");
    json.addProperty("watchers", plan.watchers());
    json.addProperty("ownKeys", plan.ownKeys());
    json.addProperty("streams", plan.connections());
    json.addProperty("valueBytes", plan.valueBytes());
    json.addProperty("seconds", plan.time().toSeconds());
    json.addProperty("putsPerSecond", plan.rate());
    json.addProperty("putsFailed", putsFailed);
    json.addProperty("events", events);
    json.addProperty("eventsPerSecond", number(0, perSecond));
    json.addProperty("expectedPerSecond", expected());
    json.addProperty("p50Ms", number(3, delays.p50()));
    json.addProperty("p99Ms", number(3, delays.p99()));
    json.addProperty("maxMs", number(3, delays.max()));
    json.addProperty("cpuMicrosPerEvent", areServersHere() ? number(3, cpuMicros) : null);
    json.addProperty("memoryGrownMib", areServersHere() ? number(1, memoryGrown / MIB) : null);
    json.addProperty("stalled", stalled);
    return json.toString();
  }

  private static BigDecimal number(int digits, double value) {
    return new BigDecimal(decimals(digits, value));
  }

  private static String decimals(int digits, double value) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
