package io.balsa.api;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** Makes metrics of a registry. They have no exemplars, which etcd's do not have either. */
record MetricMaker(PrometheusRegistry registry) {
  Counter counter(String name, String help, String... labels) {
    return Counter.builder()
        .name(name)
        .help(help)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  Gauge gauge(String name, String help, String... labels) {
    return Gauge.builder()
        .name(name)
        .help(help)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  /** A histogram with so many bounds, each twice the one before. */
  Histogram histogram(String name, String help, double first, int bounds, String... labels) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .labelNames(labels)
        .classicOnly()
        .withoutExemplars()
        .classicExponentialUpperBounds(first, 2, bounds)
        .register(registry);
  }

  /** A gauge that each scrape reads anew. */
  void gaugeOf(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /** A counter that each scrape reads anew. */
  void counterOf(String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /** Counters with one label that each scrape reads anew, by the values of the label. */
  void counterOf(String name, String help, String label, Map<String, DoubleSupplier> values) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(label)
        .callback(callback -> values.forEach((of, value) -> callback.call(value.getAsDouble(), of)))
        .register(registry);
  }

  /** A gauge that is 1 and whose label has the value. */
  void constant(String name, String label, String value) {
    gauge(name, "1 for the value of the label " + label, label).labelValues(value).set(1);
  }
}
