package io.balsa.front;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The metrics from Linux's {@code /proc/self}. A scrape reads each file once. */
final class ProcMetrics implements MultiCollector {
  private static final double KIB = 1024;

  /** What Go's library shows for a limit that is not set: 2^64. */
  private static final double UNLIMITED = 0x1p64;

  private final Path process;

  /**
   * Reads below a directory.
   *
   * @param process {@code /proc/self}; what is missing there counts as 0
   */
  ProcMetrics(Path process) {
    this.process = process;
  }

  @Override
  public MetricSnapshots collect() {
    List<String> status = lines("status");
    List<String> limits = lines("limits");
    List<String> network = lines("net/netstat");
    double files = openFiles();
    double filesMax = number(limits, "Max open files");
    double addresses = number(limits, "Max address space");
    return MetricSnapshots.of(
        gauge(
            "process_resident_memory_bytes",
            "Memory that is really held",
            number(status, "VmRSS:") * KIB),
        gauge("process_virtual_memory_bytes", "Addresses taken", number(status, "VmSize:") * KIB),
        gauge(
            "process_virtual_memory_max_bytes",
            "Addresses that may be taken; 1.8e19 for no limit",
            addresses == 0 ? UNLIMITED : addresses),
        gauge("process_open_fds", "Open files", files),
        gauge("process_max_fds", "Files that may be open", filesMax),
        gauge("os_fd_used", "As process_open_fds", files),
        gauge("os_fd_limit", "As process_max_fds", filesMax),
        counter(
            "process_network_receive_bytes",
            "Bytes that this machine or container received",
            octets(network, "InOctets")),
        counter(
            "process_network_transmit_bytes",
            "Bytes that this machine or container sent",
            octets(network, "OutOctets")));
  }

  private static MetricSnapshot gauge(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
        .build();
  }

  private static MetricSnapshot counter(String name, String help, double value) {
    return CounterSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(CounterDataPointSnapshot.builder().value(value).build())
        .build();
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(process.resolve(file));
    } catch (IOException _) {
      return List.of();
    }
  }

  private double openFiles() {
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      return files.count();
    } catch (IOException _) {
      return 0;
    }
  }

  /** A count of the machine's IP packets: the value below a column's name. */
  private static double octets(List<String> network, String column) {
    List<String[]> rows =
        network.stream()
            .filter(line -> line.startsWith("IpExt:"))
            .map(line -> line.split(" ", -1))
            .toList();
    int at = rows.size() < 2 ? -1 : List.of(rows.getFirst()).indexOf(column);
    return at < 0 ? 0 : Double.parseDouble(rows.get(1)[at]);
  }

  /** The first number on the line with this start. */
  private static double number(List<String> lines, String start) {
    return lines.stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()).strip().split("\\s+", 2)[0])
        .filter(word -> word.matches("\\d+"))
        .mapToDouble(Double::parseDouble)
        .findFirst()
        .orElse(0);
  }
}
