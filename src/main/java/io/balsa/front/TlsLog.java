package io.balsa.front;

import io.balsa.logging.LogEvent;
import io.balsa.tls.TlsHealth;
import io.balsa.tls.TlsListener;
import io.balsa.tls.TlsSource;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Logs what happens to the files of one use of TLS, and shows their health as metrics. */
public final class TlsLog implements TlsListener {
  private static final LogEvent RELOADED =
      LogEvent.info("io.balsa.front", "newer files for TLS are used from now on");

  private static final LogEvent REFUSED =
      LogEvent.error(
          "io.balsa.front",
          "the files for TLS cannot be used, the older ones stay in use",
          "put a whole set there: a certificate and its key, the authority, the revoked ones");

  private static final LogEvent ENDS =
      LogEvent.warn(
          "io.balsa.front",
          "a certificate ends within 30 days",
          "put a newer one there; it is used without a restart");

  private static final LogEvent ENDS_SOON =
      LogEvent.error(
          "io.balsa.front",
          "a certificate ends within 7 days, or has ended",
          "put a newer one there now; it is used without a restart");

  private final String use;

  /**
   * A log.
   *
   * @param use what the files are for: "clients", "peers", "servers"
   */
  public TlsLog(String use) {
    this.use = use;
  }

  @Override
  public void reloaded(String files) {
    RELOADED.log("use", use, "files", files);
  }

  @Override
  public void refused(String line) {
    REFUSED.log("use", use, "error", line);
  }

  @Override
  public void expires(String file, Duration left) {
    LogEvent event = left.compareTo(TlsHealth.VERY_SOON) > 0 ? ENDS : ENDS_SOON;
    event.log("use", use, "file", file, "days", left.toDays());
  }

  /**
   * Registers metrics about the files.
   *
   * @param sources by what they are for
   */
  public static void show(PrometheusRegistry registry, Map<String, TlsSource> sources) {
    if (sources.isEmpty()) {
      return;
    }
    GaugeWithCallback.builder()
        .name("balsa_tls_certificate_end_seconds")
        .help("When the first own certificate ends, in seconds since 1970")
        .labelNames("use")
        .callback(
            callback ->
                sources.forEach(
                    (use, source) -> {
                      Instant ends = source.health().expires();
                      if (!ends.equals(Instant.MAX)) {
                        callback.call((double) ends.getEpochSecond(), use);
                      }
                    }))
        .register(registry);
    GaugeWithCallback.builder()
        .name("balsa_tls_files_stale")
        .help("1 while the files for TLS cannot be used, so that older ones are in use")
        .labelNames("use")
        .callback(
            callback ->
                sources.forEach(
                    (use, source) -> callback.call(source.health().isStale() ? 1 : 0, use)))
        .register(registry);
    CounterWithCallback.builder()
        .name("balsa_tls_reloads_total")
        .help("How often newer files for TLS were taken")
        .labelNames("use")
        .callback(
            callback ->
                sources.forEach(
                    (use, source) -> callback.call((double) source.health().reloads(), use)))
        .register(registry);
  }
}
