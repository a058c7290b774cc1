package io.balsa.logging;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Log lines of one kind that others can cause as often as they like. The first is logged at once.
 * Those of the following minute are counted, and one line tells their number at its end. Any thread
 * may use it.
 */
public final class RareLine {
  private static final Consumer<Runnable> MINUTE_LATER =
      CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES)::execute;

  private final LogEvent event;
  private final Consumer<Runnable> minuteLater;
  private long total;
  private long more;
  private boolean counting;
  private Object[] last = {};

  /** A line that has not appeared yet. */
  public RareLine(LogEvent event) {
    this(event, MINUTE_LATER);
  }

  /**
   * @param minuteLater runs a task when a minute has passed
   */
  RareLine(LogEvent event, Consumer<Runnable> minuteLater) {
    this.event = event;
    this.minuteLater = minuteLater;
  }

  /**
   * Counts one event, and logs the line if it is due.
   *
   * @param fields as for {@link LogEvent#log(Object...)}
   */
  public void happened(Object... fields) {
    if (isFirst(fields)) {
      event.log(fields);
      minuteLater.accept(this::endMinute);
    }
  }

  /** The same for a failure that Balsa did not foresee: the first line has its stack trace. */
  public void failed(Throwable failure, Object... fields) {
    Object[] all = Arrays.copyOf(fields, fields.length + 2);
    all[fields.length] = "error";
    all[fields.length + 1] = failure;
    if (isFirst(all)) {
      event.log(failure, fields);
      minuteLater.accept(this::endMinute);
    }
  }

  private synchronized boolean isFirst(Object... fields) {
    total++;
    if (!event.isOn()) {
      return false;
    }
    boolean first = !counting;
    counting = true;
    if (!first) {
      more++;
      last = fields;
    }
    return first;
  }

  private void endMinute() {
    Object[] summary = takeSummary();
    if (summary.length > 0) {
      event.log(summary);
      minuteLater.accept(this::endMinute);
    }
  }

  /** The fields of the last event and the number of events; nothing when there were none. */
  private synchronized Object[] takeSummary() {
    if (more == 0) {
      counting = false;
      return new Object[0];
    }
    Object[] summary = Arrays.copyOf(last, last.length + 2);
    summary[last.length] = "more-in-last-minute";
    summary[last.length + 1] = more;
    more = 0;
    last = new Object[0];
    return summary;
  }

  /** How often the event has happened. */
  public synchronized long total() {
    return total;
  }
}
