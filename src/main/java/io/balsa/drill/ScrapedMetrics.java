package io.balsa.drill;

import io.balsa.processes.Awaiting;
import io.balsa.processes.ClusterSecurity;
import io.balsa.processes.InstrumentFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** The metrics of a server, read from its Prometheus page. */
record ScrapedMetrics(List<String> lines) {
  /** A server that has just started, on a busy machine, needs seconds for its first handshake. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  static ScrapedMetrics of(ClusterSecurity security, int port) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(security.address(port).url() + "/metrics"))
            .timeout(LIMIT)
            .build();
    try (HttpClient client = security.httpClient()) {
      String body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return new ScrapedMetrics(body.lines().toList());
    } catch (IOException failed) {
      throw new InstrumentFailure(
          "no metrics at port " + port + ": " + failed.getMessage(), failed);
    } catch (InterruptedException interrupted) {
      throw Awaiting.interrupted(interrupted);
    }
  }

  /** The number of snapshots that the server has received since its start. */
  long snapshotsReceived() {
    return (long) sum("balsa_server_snapshots_installed");
  }

  /** The sum of all series whose name has this prefix; 0 when there is none. */
  double sum(String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name) && !line.startsWith("#"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
