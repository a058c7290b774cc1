package io.balsa.api;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;

/** Counts streams, watchers and events of watches. */
final class WatchMetrics {
  private final Gauge streams;
  private final Gauge watchers;
  private final Counter events;

  WatchMetrics(MetricMaker make) {
    streams = make.gauge("etcd_debugging_mvcc_watch_stream_total", "Open watch streams");
    watchers = make.gauge("etcd_debugging_mvcc_watcher_total", "Watchers of all streams");
    events = make.counter("etcd_debugging_mvcc_events_total", "Events sent to watchers");
    make.gaugeOf(
        "etcd_debugging_mvcc_pending_events_total",
        "Events that are queued for watchers; Balsa queues none",
        () -> 0);
  }

  void streamBegan() {
    streams.inc();
  }

  /** A stream ended, and so did its watchers. */
  void streamEnded(int itsWatchers) {
    streams.dec();
    watchers.dec(itsWatchers);
  }

  void watcherBegan() {
    watchers.inc();
  }

  void watcherEnded() {
    watchers.dec();
  }

  void sent(int eventCount) {
    events.inc(eventCount);
  }
}
