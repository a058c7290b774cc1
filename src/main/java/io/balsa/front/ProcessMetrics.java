package io.balsa.front;

import io.netty.util.internal.PlatformDependent;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * The usual process metrics of Prometheus clients, and those of the Java heap. Memory, files and
 * network come from Linux's {@code /proc}; on other systems they are 0.
 */
public final class ProcessMetrics {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  private ProcessMetrics() {}

  /** Registers the metrics of this process; once for a registry. */
  public static void register(PrometheusRegistry registry) {
    registerMemory(registry);
    registerTime(registry);
    registry.register(new ProcMetrics(Path.of("/proc/self")));
    GaugeWithCallback.builder()
        .name("balsa_java_info")
        .help("1 for the version of the JVM")
        .labelNames("version")
        .callback(callback -> callback.call(1, Runtime.version().toString()))
        .register(registry);
  }

  private static void registerMemory(PrometheusRegistry registry) {
    gauge(
        registry,
        "balsa_heap_used_bytes",
        "The Java heap that is in use",
        () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    gauge(
        registry,
        "balsa_heap_max_bytes",
        "What the Java heap may have",
        () -> Runtime.getRuntime().maxMemory());
    gauge(
        registry,
        "balsa_direct_memory_bytes",
        "Buffers outside the heap, as Netty counts them",
        PlatformDependent::usedDirectMemory);
    gauge(
        registry,
        "balsa_direct_memory_max_bytes",
        "What they may have together",
        PlatformDependent::maxDirectMemory);
  }

  private static void registerTime(PrometheusRegistry registry) {
    gauge(
        registry,
        "process_start_time_seconds",
        "When it started, since 1970",
        () -> ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS);
    counter(registry, "process_cpu_seconds_total", "CPU time used", () -> cpuNanos() / NANOS);
    counter(
        registry,
        "balsa_gc_seconds_total",
        "Time of the Java heap's collections",
        () ->
            ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .mapToLong(collector -> Math.max(0, collector.getCollectionTime()))
                    .sum()
                / MILLIS);
  }

  private static void counter(
      PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  private static void gauge(
      PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }
}
