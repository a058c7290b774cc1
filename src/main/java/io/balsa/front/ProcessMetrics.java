package io.balsa.front;

import io.netty.util.internal.PlatformDependent;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * The usual process metrics of Prometheus clients, and those of the Java heap. Memory, files and
 * network come from Linux's {@code /proc}; on other systems they are 0.
 */
public final class ProcessMetrics {
  private static final Path PROCESS = Path.of("/proc/self");
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;
  private static final double KIB = 1024;

  /** What Go's library shows for a limit that is not set: 2^64. */
  private static final double UNLIMITED = 0x1p64;

  private ProcessMetrics() {}

  /** Registers the metrics of this process; once for a registry. */
  public static void register(PrometheusRegistry registry) {
    registerMemory(registry);
    registerFiles(registry);
    registerTime(registry);
    counter(
        registry,
        "process_network_receive_bytes_total",
        "Bytes that this machine or container received",
        () -> octets("InOctets"));
    counter(
        registry,
        "process_network_transmit_bytes_total",
        "Bytes that this machine or container sent",
        () -> octets("OutOctets"));
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
        "process_virtual_memory_max_bytes",
        "Addresses that may be taken; 1.8e19 for no limit",
        () -> limit("Max address space"));
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

  private static void registerFiles(PrometheusRegistry registry) {
    gauge(registry, "process_open_fds", "Open files", ProcessMetrics::openFiles);
    gauge(registry, "process_max_fds", "Files that may be open", ProcessMetrics::openFilesMax);
    gauge(registry, "os_fd_used", "As process_open_fds", ProcessMetrics::openFiles);
    gauge(registry, "os_fd_limit", "As process_max_fds", ProcessMetrics::openFilesMax);
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

  private static double openFiles() {
    try (Stream<Path> files = Files.list(PROCESS.resolve("fd"))) {
      return files.count();
    } catch (IOException _) {
      return 0;
    }
  }

  private static double openFilesMax() {
    return number("limits", "Max open files");
  }

  private static double limit(String name) {
    double limit = number("limits", name);
    return limit == 0 ? UNLIMITED : limit;
  }

  /** A count of the machine's IP packets: the value below a column's name. */
  private static double octets(String column) {
    try (Stream<String> lines = Files.lines(PROCESS.resolve("net/netstat"))) {
      List<String[]> rows =
          lines.filter(line -> line.startsWith("IpExt:")).map(line -> line.split(" ")).toList();
      int at = rows.size() < 2 ? -1 : List.of(rows.getFirst()).indexOf(column);
      return at < 0 ? 0 : Double.parseDouble(rows.get(1)[at]);
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
