package io.balsa.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.client.RequestFailed;
import io.balsa.house.SharesCores;
import io.balsa.processes.Playground.Action;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Three servers and a proxy, each a real process. */
@SharesCores
@ResourceLock(SharesCores.CLUSTER_PORTS)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class PlaygroundTest {
  private static final Path FOLDER = Path.of("target", "playground-test").toAbsolutePath();
  private static final ByteString KEY = ByteString.copyFromUtf8("k");
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<String> lines = new CopyOnWriteArrayList<>();

  @BeforeEach
  @AfterEach
  void clear() {
    Folders.delete(FOLDER);
  }

  private Playground start() {
    return Playground.start(new Playground.Plan(Launch.ofThisProcess(), FOLDER, 0), lines::add);
  }

  @Test
  void aLeaderIsKilledAndNothingIsLost() {
    try (Playground playground = start();
        PlainEndpoint proxy = PlainEndpoint.onLoopback(port(playground.proxyAddress()))) {
      put(proxy, "before");
      long killed = lines.stream().filter(line -> line.contains("leads")).count();
      playground.act(Action.KILL, OptionalInt.empty());

      put(proxy, "after");
      assertThat(value(proxy)).isEqualTo("after");
      assertThat(lines).anyMatch(line -> line.endsWith("was killed"));
      Awaiting.until(
          "a line for the new leader",
          PATIENCE,
          () -> lines.stream().filter(line -> line.contains("leads")).count() > killed);
      int dead = dead(playground);
      assertThatThrownBy(() -> playground.act(Action.PAUSE, OptionalInt.of(dead)))
          .hasMessage("server " + dead + " does not run");
      playground.act(Action.START, OptionalInt.of(dead));
      assertThatThrownBy(() -> playground.act(Action.START, OptionalInt.of(dead)))
          .hasMessage("server " + dead + " runs already");
      assertThatThrownBy(() -> playground.act(Action.KILL, OptionalInt.of(4)))
          .hasMessage("there is no server 4, only 1 to 3");
    }
    try (Playground again = start();
        PlainEndpoint proxy = PlainEndpoint.onLoopback(port(again.proxyAddress()))) {
      assertThat(value(proxy)).isEqualTo("after");
    }
    assertThat(Folders.lines(FOLDER.resolve("pids"))).isEmpty();
  }

  @Test
  void whatHappensToALeaderIsToldInOrder() {
    try (Playground playground = start()) {
      int stopped = awaitLeader(0);
      playground.act(Action.STOP, OptionalInt.empty());
      awaitLine("server " + stopped + " was stopped");
      assertThat(Folders.lines(FOLDER.resolve("server-" + stopped + ".log")).getLast())
          .endsWith(" INFO stopped");
      int next = awaitLeader(stopped);
      playground.act(Action.KILL, OptionalInt.of(next));
      String killed = "server " + next + " was killed";
      awaitLine(killed);
      // one such line may have come with the server that was stopped
      Awaiting.until(
          "nobody leading after that",
          PATIENCE,
          () -> lines.stream().skip(lines.indexOf(killed)).anyMatch("nobody leads"::equals));
      assertThat(lines).noneMatch(line -> line.contains("ended:"));
    }
  }

  @Test
  void aSecuredPlaygroundGoesOn() throws RequestFailed {
    Playground.Plan open = new Playground.Plan(Launch.ofThisProcess(), FOLDER, 0);
    Playground.Plan secured =
        new Playground.Plan(Launch.ofThisProcess(), FOLDER, 0, new SecurityWish(true, true));
    try (Playground playground = Playground.start(secured, lines::add);
        PlainEndpoint root = playground.proxy();
        PlainEndpoint plain = PlainEndpoint.onLoopback(port(playground.proxyAddress()))) {
      put(root, "kept");
      assertThatThrownBy(() -> plain.get(KEY, false, LIMIT)).isInstanceOf(RequestFailed.class);
      assertThat(playground.proxyAddress()).startsWith("https://127.0.0.1:");
      assertThat(playground.environmentLine()).isEqualTo(". " + FOLDER.resolve("client.env"));
      assertThat(playground.clientOptions().keySet())
          .containsExactlyInAnyOrder("--cacert", "--cert", "--key", "--user");
    }
    assertThatThrownBy(() -> Playground.start(open, lines::add))
        .hasMessageContaining("was begun with --tls --auth");
    try (Playground again = Playground.start(secured, lines::add);
        PlainEndpoint root = again.proxy()) {
      assertThat(value(root)).isEqualTo("kept");
      assertThat(Objects.requireNonNull(again.clientOptions().get("--user"))).startsWith("root:");
      String password =
          Objects.requireNonNull(again.clientOptions().get("--user")).substring("root:".length());
      for (String log : List.of("server-1.log", "server-2.log", "server-3.log", "proxy.log")) {
        assertThat(FOLDER.resolve(log)).content().doesNotContain(password);
      }
    }
  }

  /** Waits for a leader that is another one than this. */
  private int awaitLeader(int other) {
    return Awaiting.value(
        "a leader",
        PATIENCE,
        () ->
            lines.stream()
                .filter(line -> line.contains("leads, term") && !line.startsWith("server " + other))
                .map(line -> Integer.valueOf(line.split(" ", -1)[1]))
                .reduce((_, later) -> later)
                .orElse(null));
  }

  private void awaitLine(String line) {
    Awaiting.until(line, PATIENCE, () -> lines.contains(line));
  }

  private int dead(Playground playground) {
    return lines.stream()
        .filter(line -> line.endsWith("was killed"))
        .map(line -> Integer.parseInt(line.split(" ", -1)[1]))
        .findFirst()
        .orElseThrow(() -> new AssertionError(playground.directory() + ": " + lines));
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  /** Repeats a put that fails: it puts the same value, so a second time does no harm. */
  private static void put(PlainEndpoint endpoint, String value) {
    Awaiting.until(
        "a put of " + value,
        PATIENCE,
        () -> {
          try {
            endpoint.put(KEY, ByteString.copyFromUtf8(value), LIMIT);
            return true;
          } catch (RequestFailed _) {
            return false;
          }
        });
  }

  private static String value(PlainEndpoint endpoint) {
    return Awaiting.value(
        "a read",
        PATIENCE,
        () -> {
          try {
            return endpoint.get(KEY, false, LIMIT).getKvs(0).getValue().toStringUtf8();
          } catch (RequestFailed _) {
            return null;
          }
        });
  }
}
