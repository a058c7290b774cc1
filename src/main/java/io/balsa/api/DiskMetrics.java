package io.balsa.api;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** The free space of the data directory's disk, as a server last saw it. */
final class DiskMetrics {
  private final Gauge free;
  private final Gauge reserve;

  DiskMetrics(PrometheusRegistry registry) {
    free =
        Gauge.builder()
            .name("balsa_disk_free_bytes")
            .help("Bytes free on the disk of the data directory")
            .register(registry);
    reserve =
        Gauge.builder()
            .name("balsa_disk_reserve_bytes")
            .help("Puts are refused when less is free; 0 for never")
            .register(registry);
  }

  void lookedAt(long freeBytes, long reserveBytes) {
    free.set((double) freeBytes);
    reserve.set((double) reserveBytes);
  }
}
