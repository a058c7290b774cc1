package io.balsa.cli;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.server.BalsaServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Watches from a line of input, and with a command for each event. */
@Timeout(60)
class WatchCommandTest {
  private static final Path FOLDER = Path.of("target", "watch-command-test");

  private static BalsaServer server;
  private static String endpoint;

  @BeforeAll
  static void start() throws Exception {
    TestFolders.delete(FOLDER);
    server = BalsaServer.start(OnLoopback.settings(FOLDER.resolve("data")));
    endpoint = OnLoopback.endpoint(server);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    TestFolders.delete(FOLDER);
  }

  private static void put(String key, String value) {
    assertThat(CommandRun.of("put", key, value, endpoint).exitCode()).isZero();
  }

  @Test
  void aCommandRunsForEachEvent() throws Exception {
    Path seen = FOLDER.resolve("seen").toAbsolutePath();
    String script = "echo $ETCD_WATCH_EVENT_TYPE $ETCD_WATCH_KEY $ETCD_WATCH_VALUE >> " + seen;
    put("ran/a", "1");
    put("ran/b", "x y");

    try (RunningCommand watch =
        new RunningCommand(
            "watch", endpoint, "--prefix", "ran/", "--rev=1", "--", "sh", "-c", script)) {
      until(() -> Files.exists(seen) && Files.readAllLines(seen).size() == 2);

      assertThat(Files.readAllLines(seen))
          .containsExactly("\"PUT\" \"ran/a\" \"1\"", "\"PUT\" \"ran/b\" \"x y\"");
      assertThat(watch.await(out -> out.endsWith("x y\n")))
          .isEqualTo("PUT\nran/a\n1\nPUT\nran/b\nx y\n");
    }
  }

  @Test
  void aWatchThatLosesItsConnectionSaysSo() throws Exception {
    try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RunningCommand watch =
            new RunningCommand("watch", "--endpoints=127.0.0.1:" + door.getLocalPort(), "lost")) {
      try (Socket client = door.accept();
          Socket behind = new Socket(server.clientAddress().getAddress(), port())) {
        pass(client, behind);
        pass(behind, client);
        until(
            () -> {
              put("lost", "1");
              return !watch.await(_ -> true).isEmpty();
            });
      }
      until(() -> watch.err().endsWith("is lost; trying again\n"));
      assertThat(watch.err())
          .startsWith("balsa watch: the connection to 127.0.0.1:" + door.getLocalPort());
    }
  }

  private static int port() {
    return server.clientAddress().getPort();
  }

  /** Passes bytes on until one of the two ends. */
  private static void pass(Socket from, Socket to) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                from.getInputStream().transferTo(to.getOutputStream());
              } catch (IOException _) {
                return; // the test closed them
              }
            });
  }

  @Test
  void aCommandThatFailsEndsTheWatch() throws Exception {
    put("failing", "1");
    try (RunningCommand watch =
        new RunningCommand("watch", endpoint, "failing", "--rev=1", "--", "false")) {
      CommandRun end = watch.end();

      assertThat(end.exitCode()).isNotZero();
      assertThat(end.err()).isEqualTo("balsa watch: command [false] error (exit status 1)\n");
    }
  }

  @Test
  void linesBeginWatchesAndAskForProgress() throws Exception {
    InputStream before = System.in;
    RunningCommand watch;
    try (PipedOutputStream typed = new PipedOutputStream()) {
      System.setIn(new PipedInputStream(typed));
      watch = new RunningCommand("watch", "-i", endpoint);
      put("typed one", "1");
      typed.write("frob\nwatch\nwatch 'typed one' --rev=1\n".getBytes(StandardCharsets.UTF_8));
      typed.flush();
      watch.await(out -> out.equals("PUT\ntyped one\n1\n"));
      typed.write("progress\n".getBytes(StandardCharsets.UTF_8));
      typed.flush();
      watch.await(out -> out.contains("progress notify: "));
    } finally {
      System.setIn(before);
    }

    CommandRun end = watch.end();

    assertThat(end.exitCode()).isEqualTo(2);
    assertThat(end.err().lines())
        .containsExactly(
            "Invalid command frob (only support watch)",
            "Invalid command watch (give a KEY, or ETCDCTL_WATCH_KEY)",
            "balsa watch: standard input has ended; keep it open for as long as the watches are"
                + " to run");
  }
}
