package io.balsa.front;

import io.balsa.bytes.Bytes;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Consumer;

/** {@code /metrics}: the registered metrics in Prometheus' text format. */
public final class MetricsPage implements HttpHandler {
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final PrometheusRegistry registry;

  public MetricsPage(PrometheusRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void answer(HttpRequest request, Consumer<HttpResponse> done) {
    if (!request.method().equals("GET")) {
      done.accept(HttpResponse.onlyGet());
      return;
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      writer.write(text, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    done.accept(
        new HttpResponse(200, writer.getContentType(), Map.of(), Bytes.wrap(text.toByteArray())));
  }
}
