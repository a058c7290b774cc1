package io.balsa.cli;

import static io.balsa.host.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.HostPort;
import io.balsa.house.SharesCores;
import io.balsa.processes.Awaiting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The prompt at a terminal of streams. */
@SharesCores
@Timeout(60)
class PromptTest {
  private static final String INTERRUPT = "\003";
  private static final String UP = "\033[A";

  /** Longer than the time in which a second Ctrl+C is taken for the first. */
  private static final Duration LATER = Duration.ofMillis(400);

  @TempDir private Path folder;

  /** A prompt that runs, and a person's keys and screen. */
  private static final class Session implements AutoCloseable {
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final PipedOutputStream keys = new PipedOutputStream();
    private final List<String> actions = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    Session(Path history, String proxy) throws IOException {
      ExternalTerminal terminal =
          new ExternalTerminal("test", "ansi", new PipedInputStream(keys), screen, UTF_8);
      Prompt prompt = new Prompt(terminal, history);
      Prompt.Target target =
          new Prompt.Target(
              proxy, proxy, Map.of(), (action, server) -> actions.add(action + " " + server));
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try (prompt) {
                  prompt.run(target);
                  ended.complete(null);
                } catch (IOException e) {
                  ended.completeExceptionally(e);
                }
              });
    }

    void type(String text) throws IOException {
      keys.write(text.getBytes(UTF_8));
      keys.flush();
    }

    /** Types Ctrl+C where it is a first one. */
    void interruptOnce() throws Exception {
      type(INTERRUPT);
      await("Ctrl+C again, or 'quit', ends the playground");
    }

    /** Waits for a text, and forgets what is on the screen. */
    void await(String text) throws Exception {
      until(() -> screen.toString(UTF_8).contains(text));
      screen.reset();
    }

    void awaitEnd() {
      ended.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() throws IOException {
      keys.close();
      awaitEnd();
    }
  }

  private Session session(String proxy) throws Exception {
    Session session = new Session(folder.resolve("history"), proxy);
    session.await("balsa> ");
    return session;
  }

  @Test
  void aRequestIsEndedAndThenThePrompt() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Session session = session("127.0.0.1:" + silent.getLocalPort())) {
      session.type("get k --command-timeout=50s\n");
      try (Socket _ = silent.accept()) {
        session.type(INTERRUPT);
        session.await("ended; Ctrl+C again ends the playground");
        assertThat(session.ended).isNotDone();

        Awaiting.pause(LATER);
        session.type(INTERRUPT);
        session.awaitEnd();
      }
    }
  }

  @Test
  void withNothingRunningTheSecondInARowEndsThePrompt() throws Exception {
    try (Session session = session("127.0.0.1:1")) {
      session.interruptOnce();
      session.type("pause 2\n");
      until(() -> session.actions.equals(List.of("PAUSE OptionalInt[2]")));
      Awaiting.pause(LATER);
      session.interruptOnce();

      Awaiting.pause(LATER);
      session.type(INTERRUPT);
      session.awaitEnd();
    }
  }

  @Test
  void ctrlCOnALineWithTextOnlyClearsIt() throws Exception {
    try (Session session = session("127.0.0.1:1")) {
      session.interruptOnce();
      Awaiting.pause(LATER);
      session.type("sta");
      session.await("sta");
      session.type(INTERRUPT);
      session.await("balsa> ");
      session.type("pause 3\n");
      until(() -> session.actions.equals(List.of("PAUSE OptionalInt[3]")));
      session.type("quit\n");
      session.awaitEnd();
    }
  }

  @Test
  void aCtrlCMuchLaterIsAFirstOne() throws Exception {
    try (Session session = session("127.0.0.1:1")) {
      session.interruptOnce();
      Awaiting.pause(Prompt.AGAIN.plus(LATER));
      session.interruptOnce();
      Awaiting.pause(LATER);
      session.type(INTERRUPT);
      session.awaitEnd();
    }
  }

  @Test
  void aFailureIsExplainedInTheWordsOfThePrompt() throws Exception {
    try (Session session = session("127.0.0.1:1")) {
      session.type("status\n");
      session.await("127.0.0.1:1: no server listens there; 'start 1' starts it");
      session.type("quit\n");
      session.awaitEnd();
    }
    PromptHints hints = new PromptHints(List.of("127.0.0.1:7", "127.0.0.1:8"));
    assertThat(hints.toStart(List.of(new HostPort("127.0.0.1", 8))))
        .isEqualTo("'start 2' starts it");
    assertThat(hints.toStart(List.of(new HostPort("127.0.0.1", 9))))
        .isEqualTo("'status' shows the servers");
  }

  @Test
  void theNextPromptHasTheLinesOfThisOne() throws Exception {
    try (Session first = session("127.0.0.1:1")) {
      first.type("kill leader\nresume 3\n");
      until(() -> first.actions.size() == 2);
      first.type("quit\n");
      first.awaitEnd();
    }
    assertThat(folder.resolve("history")).content().contains("kill leader", "resume 3");

    try (Session next = session("127.0.0.1:1")) {
      next.type(UP + UP + UP + "\n");
      until(() -> next.actions.equals(List.of("KILL OptionalInt.empty")));
      next.type("quit\n");
      next.awaitEnd();
    }
  }
}
