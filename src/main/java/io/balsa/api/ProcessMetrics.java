package io.balsa.api;

import io.netty.util.internal.PlatformDependent;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * The usual process metrics of Prometheus clients. Memory and files come from Linux's {@code
 * /proc}; on other systems they are 0.
 */
final class ProcessMetrics {
  private static final Path PROCESS = Path.of("/proc/self");
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
    gauge(
        registry,
        "process_resident_memory_bytes",
        "Memory that is really held",
        () -> number("status", "VmRSS:") * KIB);
    gauge(
        registry,
        "process_virtual_memory_bytes",
        "Addresses taken",
        () -> number("status", "VmSize:") * KIB);
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
    gauge(registry, "process_open_fds", "Open files", ProcessMetrics::openFiles);
    gauge(
        registry,
        "process_max_fds",
        "Files that may be open",
        () -> number("limits", "Max open files"));
    CounterWithCallback.builder()
        .name("process_cpu_seconds")
        .help("CPU time used")
        .callback(callback -> callback.call(cpuNanos() / NANOS))
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

  private static double openFiles() {
    try (Stream<Path> files = Files.list(PROCESS.resolve("fd"))) {
      return files.count();
    } catch (IOException _) {
      return 0;
    }
  }

  /** The first number on the line with this start. */
  private static double number(String file, String start) {
    try (Stream<String> lines = Files.lines(PROCESS.resolve(file))) {
      return lines
          .filter(line -> line.startsWith(start))
          .map(line -> line.substring(start.length()).strip().split("\\s+", 2)[0])
          .filter(word -> word.matches("\\d+"))
          .mapToDouble(Double::parseDouble)
          .findFirst()
          .orElse(0);
    } catch (IOException _) {
      return 0;
    }
  }
}
