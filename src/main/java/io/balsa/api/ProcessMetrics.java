package io.balsa.api;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;

/** The process as Prometheus clients of every language show it. */
final class ProcessMetrics {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;
  private static final double KIB = 1024;

  private ProcessMetrics() {}

  static void register(PrometheusRegistry registry) {
    gauge(
        registry,
        "process_start_time_seconds",
        "When it started, since 1970",
        () -> ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS);
    gauge(registry, "process_resident_memory_bytes", "Memory", () -> kib("VmRSS:") * KIB);
    gauge(registry, "process_virtual_memory_bytes", "Addresses", () -> kib("VmSize:") * KIB);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      gauge(registry, "process_open_fds", "Open files", system::getOpenFileDescriptorCount);
      gauge(registry, "process_max_fds", "Files it may open", system::getMaxFileDescriptorCount);
      CounterWithCallback.builder()
          .name("process_cpu_seconds")
          .help("CPU time")
          .callback(callback -> callback.call(system.getProcessCpuTime() / NANOS))
          .register(registry);
    }
  }

  private static void gauge(
      PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /** A line of Linux's own account of the process; 0 elsewhere. */
  private static double kib(String name) {
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException _) {
      return 0;
    }
  }
}
