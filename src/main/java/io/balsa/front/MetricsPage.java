package io.balsa.front;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.balsa.bytes.Bytes;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * {@code /metrics}: the registered metrics in Prometheus' text format. As in etcd, every method
 * gets them, and the page counts its own answers.
 */
public final class MetricsPage implements HttpHandler {
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final PrometheusRegistry registry;
  private final List<String> bareCounters;
  private final CounterDataPoint answered;
  private final CounterDataPoint failed;
  private final Gauge inFlight;

  /** A page for metrics whose counters all end with {@code _total}. */
  public MetricsPage(PrometheusRegistry registry) {
    this(registry, List.of());
  }

  /**
   * A page for all metrics of a registry.
   *
   * @param bareCounters counters that etcd names without {@code _total}. The library adds it to
   *     every counter, so the page takes it off again
   */
  public MetricsPage(PrometheusRegistry registry, List<String> bareCounters) {
    this.registry = registry;
    this.bareCounters = List.copyOf(bareCounters);
    Counter requests =
        Counter.builder()
            .name("promhttp_metric_handler_requests_total")
            .help("Scrapes by HTTP status")
            .labelNames("code")
            .withoutExemplars()
            .register(registry);
    for (String code : List.of("200", "500", "503")) {
      requests.initLabelValues(code);
    }
    answered = requests.labelValues("200");
    failed = requests.labelValues("500");
    inFlight =
        Gauge.builder()
            .name("promhttp_metric_handler_requests_in_flight")
            .help("Scrapes that are being answered")
            .withoutExemplars()
            .register(registry);
  }

  /** Reads {@code /proc} and writes a long text, which an event loop must not wait for. */
  @Override
  public void answer(HttpRequest request, Consumer<HttpResponse> done) {
    inFlight.inc();
    GlobalEventExecutor.INSTANCE.execute(
        () -> {
          try {
            done.accept(response());
          } finally {
            inFlight.dec();
          }
        });
  }

  private HttpResponse response() {
    try {
      HttpResponse response = new HttpResponse(200, writer.getContentType(), Map.of(), page());
      answered.inc();
      return response;
    } catch (RuntimeException e) { // thread root: a failing metric fails only its scrape
      failed.inc();
      return HttpResponse.text(500, "the metrics cannot be read: " + e + "\n");
    }
  }

  private Bytes page() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      writer.write(text, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    if (bareCounters.isEmpty()) {
      return Bytes.wrap(text.toByteArray());
    }
    String page = text.toString(UTF_8);
    for (String name : bareCounters) {
      page = page.replace(name + "_total", name);
    }
    return Bytes.utf8(page);
  }
}
