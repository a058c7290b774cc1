package io.balsa.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsPageTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();

  private HttpResponse scrape() {
    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    new MetricsPage(registry)
        .answer(
            new HttpRequest("GET", "/metrics", Map.of(), Map.of(), Bytes.EMPTY), answer::complete);
    return answer.orTimeout(20, TimeUnit.SECONDS).join();
  }

  private void gauge(Runnable reading) {
    GaugeWithCallback.builder()
        .name("read")
        .help("help")
        .callback(
            callback -> {
              reading.run();
              callback.call(1);
            })
        .register(registry);
  }

  @Test
  void anEventLoopDoesNotReadTheMetrics() {
    CompletableFuture<Thread> reader = new CompletableFuture<>();
    gauge(() -> reader.complete(Thread.currentThread()));
    assertThat(scrape().body().utf8()).contains("\nread 1.0\n");
    assertThat(reader.join()).isNotEqualTo(Thread.currentThread());
  }

  @Test
  void aMetricThatCannotBeReadIsAnswered() {
    gauge(
        () -> {
          throw new IllegalStateException("broken");
        });
    HttpResponse answer = scrape();
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body().utf8()).contains("broken");
  }

  @Test
  void procFilesAreShown(@TempDir Path process) throws IOException {
    Files.writeString(
        process.resolve("status"),
        """
        VmPeak:\t 9 kB
        VmSize:\t  8 kB
        VmRSS:\t 2 kB
        """);
    Files.writeString(
        process.resolve("limits"),
        """
        Max open files            1024     4096     files
        Max address space  unlimited unlimited
        """);
    Files.createDirectories(process.resolve("fd/3"));
    Files.createDirectories(process.resolve("fd/4"));
    Files.createDirectories(process.resolve("net"));
    Files.writeString(
        process.resolve("net/netstat"),
        """
        TcpExt: InOctets
        TcpExt: 7
        IpExt: InPkts InOctets OutOctets
        IpExt: 1 20 30
        """);
    registry.register(new ProcMetrics(process));
    assertThat(scrape().body().utf8().lines())
        .contains(
            "process_virtual_memory_bytes 8192.0",
            "process_resident_memory_bytes 2048.0",
            "process_virtual_memory_max_bytes 1.8446744073709552E19",
            "process_open_fds 2.0",
            "os_fd_used 2.0",
            "process_max_fds 1024.0",
            "os_fd_limit 1024.0",
            "# TYPE process_network_receive_bytes_total counter",
            "process_network_receive_bytes_total 20.0",
            "process_network_transmit_bytes_total 30.0");
  }

  @Test
  void withoutProcTheMetricsAreThere(@TempDir Path empty) {
    registry.register(new ProcMetrics(empty.resolve("none")));
    assertThat(scrape().body().utf8().lines())
        .contains("process_open_fds 0.0", "process_network_transmit_bytes_total 0.0");
  }
}
