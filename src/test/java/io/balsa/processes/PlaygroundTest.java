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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Three servers and a proxy, each a real process. */
@SharesCores
@Order(1)
@ResourceLock(SharesCores.CLUSTER_PORTS)
@Timeout(value = 300, unit = TimeUnit.SECONDS)
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
    return start(SecurityWish.NONE);
  }

  private Playground start(SecurityWish wish) {
    return Playground.start(
        new Playground.Plan(Launch.ofThisProcess(), FOLDER, 0, wish), lines::add);
  }

  @Test
  void aLeaderOfASecuredPlaygroundIsKilledAndNothingIsLost() {
    SecurityWish secured = new SecurityWish(true, true);
    try (Playground playground = start(secured);
        PlainEndpoint proxy = playground.proxy();
        PlainEndpoint plain = PlainEndpoint.onLoopback(port(playground.proxyAddress()))) {
      put(proxy, "before");
      assertThatThrownBy(() -> plain.get(KEY, false, LIMIT)).isInstanceOf(RequestFailed.class);
      long killed = lines.stream().filter(line -> line.contains("leads")).count();
      Awaiting.until("a leader that can be killed", PATIENCE, () -> isLeaderKilled(playground));

      put(proxy, "after");
      assertThat(value(proxy)).isEqualTo("after");
      // the system may take its time to end the process
      Awaiting.until(
          "a line for the killed one",
          PATIENCE,
          () -> lines.stream().anyMatch(line -> line.endsWith("was killed")));
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
    assertThatThrownBy(() -> start()).hasMessageContaining("was begun with --tls --auth");
    try (Playground again = start(secured);
        PlainEndpoint proxy = again.proxy()) {
      assertThat(value(proxy)).isEqualTo("after");
      secretsAreKept(again);
    }
    assertThat(Folders.lines(FOLDER.resolve("pids"))).isEmpty();
  }

  @Test
  void whatHappensToALeaderIsToldInOrder() {
    try (Playground playground = start()) {
      int stopped = awaitLeader(0);
      playground.act(Action.STOP, OptionalInt.of(stopped));
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

  /** A server that only answers late still leads; one without followers says that it does not. */
  @Test
  void nobodyLeadsIsToldWhenTheServersSaySo() {
    try (Playground playground = start()) {
      int leader = awaitLeader(0);
      playground.act(Action.PAUSE, OptionalInt.of(leader));
      int next = awaitLeader(leader);
      playground.act(Action.RESUME, OptionalInt.of(leader));
      List<Integer> followers =
          IntStream.rangeClosed(1, 3).filter(each -> each != next).boxed().toList();
      int paused = lines.size();
      followers.forEach(each -> playground.act(Action.PAUSE, OptionalInt.of(each)));
      Awaiting.until(
          "nobody leading",
          PATIENCE,
          () -> lines.stream().skip(paused).anyMatch("nobody leads"::equals));
      followers.forEach(each -> playground.act(Action.RESUME, OptionalInt.of(each)));
      Awaiting.until(
          "a leader again", PATIENCE, () -> lines.getLast().matches("server . leads, term .*"));
    }
  }

  /** On a busy machine the leader may be lost at this moment. */
  private static boolean isLeaderKilled(Playground playground) {
    try {
      playground.act(Action.KILL, OptionalInt.empty());
      return true;
    } catch (InstrumentFailure _) {
      return false;
    }
  }

  private void secretsAreKept(Playground playground) {
    assertThat(playground.proxyAddress()).startsWith("https://127.0.0.1:");
    assertThat(playground.environmentLine()).isEqualTo(". " + FOLDER.resolve("client.env"));
    assertThat(playground.clientOptions().keySet())
        .containsExactlyInAnyOrder("--cacert", "--cert", "--key", "--user");
    String user = Objects.requireNonNull(playground.clientOptions().get("--user"));
    assertThat(user).startsWith("root:");
    for (String log : List.of("server-1.log", "server-2.log", "server-3.log", "proxy.log")) {
      assertThat(FOLDER.resolve(log)).content().doesNotContain(user.substring("root:".length()));
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
