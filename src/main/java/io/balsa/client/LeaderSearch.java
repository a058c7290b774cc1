package io.balsa.client;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Asks all servers which server leads until one does: every 10 ms, and after half a second every
 * 100 ms. Only the monitor's event loop uses it.
 */
final class LeaderSearch {
  /** Enough quick searches for a usual election after a leader has ended. */
  private static final int QUICK_SEARCHES = 50;

  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final EventLoop loop;
  private final List<MonitoredEndpoint> monitored;
  private final BooleanSupplier over;
  private int searches;
  private boolean searching;

  /**
   * A search that has not begun.
   *
   * @param monitored the endpoints of the servers; more may join them later
   * @param over whether a leader is known or the monitor has closed
   */
  LeaderSearch(EventLoop loop, List<MonitoredEndpoint> monitored, BooleanSupplier over) {
    this.loop = loop;
    this.monitored = monitored;
    this.over = over;
  }

  /** Begins to search, unless it searches already. */
  void begin() {
    if (!searching) {
      searching = true;
      searches = 0;
      searchOnce();
    }
  }

  private void searchOnce() {
    if (over.getAsBoolean()) {
      searching = false;
      return;
    }
    for (MonitoredEndpoint each : monitored) {
      if (!each.endpoint().connected()) {
        each.endpoint().connectNow();
      }
      each.ask();
    }
    long pause = searches++ < QUICK_SEARCHES ? QUICK_NANOS : SLOW_NANOS;
    var _ = loop.schedule(this::searchOnce, pause, TimeUnit.NANOSECONDS);
  }
}
