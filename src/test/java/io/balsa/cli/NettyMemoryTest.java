package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SharesCores
class NettyMemoryTest {
  private static final Path FOLDER = Path.of("target", "netty-memory-test");

  @BeforeEach
  @AfterEach
  void clean() throws IOException {
    TestFolders.delete(FOLDER);
  }

  /** Otherwise a buffer without room makes an event loop sleep. */
  @Test
  void nettyCountsItsBuffersItself() throws Exception {
    try (ServerProcess server = ServerProcess.start("", FOLDER)) {
      server.await("ready to serve ");
      assertThat(metric(server, "balsa_direct_memory_bytes")).isPositive();
    }
  }

  private static double metric(ServerProcess server, String name) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.port() + "/metrics");
      HttpRequest request = HttpRequest.newBuilder(uri).build();
      String page = client.send(request, BodyHandlers.ofString()).body();
      String line =
          page.lines().filter(each -> each.startsWith(name + " ")).findFirst().orElseThrow();
      return Double.parseDouble(line.substring(name.length() + 1));
    }
  }
}
