package io.balsa.server;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.HostPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server tells probes when the other two have just ended. */
@Timeout(60)
class LostQuorumTest {
  /** A probe waits some seconds. A read waits seven for a quorum. */
  private static final Duration SOON = Duration.ofSeconds(3);

  @TempDir private Path root;
  private final List<BalsaServer> servers = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    for (ServerSettings settings : Loopback.cluster(root, 3)) {
      servers.add(BalsaServer.start(settings));
    }
    until(() -> servers.stream().allMatch(each -> each.leader() != 0));
  }

  @AfterEach
  void stop() {
    servers.forEach(BalsaServer::close);
  }

  @Test
  void readinessIsDeniedSoonWhileTheLeaderStillLeads() throws Exception {
    BalsaServer leader =
        servers.stream().filter(each -> each.memberId() == each.leader()).findFirst().orElseThrow();
    until(() -> readyz(leader).statusCode() == 200);
    servers.stream().filter(each -> each != leader).forEach(BalsaServer::close);

    long before = System.nanoTime();
    HttpResponse<String> denied = readyz(leader);
    assertThat(denied.statusCode()).as(denied.body()).isEqualTo(503);
    assertThat(denied.body()).contains("[-]linearizable_read failed: ");
    assertThat(System.nanoTime() - before).isLessThan(SOON.toNanos());
  }

  private static HttpResponse<String> readyz(BalsaServer server)
      throws IOException, InterruptedException {
    HostPort address = Loopback.address(server);
    URI page = URI.create("http://" + address + "/readyz");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
    }
  }
}
