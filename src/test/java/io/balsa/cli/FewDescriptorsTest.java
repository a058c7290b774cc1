package io.balsa.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients take no descriptor that the log and the store need. */
@SharesCores
class FewDescriptorsTest {
  private static final Path FOLDER = Path.of("target", "few-descriptors-test");
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";

  /** With 120 of them the log makes a new segment, twice. */
  private static final String VALUE = "v".repeat(300_000);

  @BeforeEach
  @AfterEach
  void clean() throws IOException {
    TestFolders.delete(FOLDER);
  }

  @Test
  void sixHundredIdleConnectionsDoNotEndAServerWith256() throws Exception {
    List<Socket> idle = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start("ulimit -n 256;", FOLDER)) {
      server.await("ready to serve ");
      for (int i = 0; i < 600; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream().write(PREFACE.getBytes(ISO_8859_1));
        idle.add(socket);
      }
      // a newcomer is turned away while all others have come just now
      int done = 0;
      for (int i = 0; i < 120; i++) {
        done += CommandRun.of("put", "k" + i, VALUE, server.endpoint()).exitCode() == 0 ? 1 : 0;
      }
      assertThat(done).as(server.lines().toString()).isGreaterThan(110);
      assertThat(server.runs()).isTrue();
      assertThat(server.lines())
          .anyMatch(line -> line.contains("only 256 files may be open"))
          .anyMatch(line -> line.contains("to make room"))
          .hasSizeLessThan(12);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void aServerThatCannotWorkSaysSoAtTheStart() throws Exception {
    try (ServerProcess server = ServerProcess.start("ulimit -n 150;", FOLDER)) {
      assertThat(server.exitCode()).isEqualTo(1);
      assertThat(server.lines())
          .filteredOn(line -> !line.contains(" INFO "))
          .singleElement()
          .asString()
          .contains("only 150 files may be open in this process, and it needs 2", "ulimit -n");
      assertThat(FOLDER).doesNotExist();
    }
  }
}
