package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.api.EtcdProcess;
import io.balsa.bytes.HostPort;
import io.balsa.house.SharesCores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs etcdctl at a real etcd, at three servers and at the proxy before them, and compares what it
 * prints. Runs only where etcd and etcdctl are installed, as in the CI.
 */
@SharesCores
@Timeout(90)
class EtcdctlTest {
  private static final Optional<Path> ETCD = EtcdProcess.installed();
  private static final Optional<Path> PROGRAM = EtcdProcess.program("etcdctl");
  private static final Executor SIDE_BY_SIDE = task -> Thread.ofPlatform().daemon().start(task);
  private static final long PATIENCE_SECONDS = 8;

  @SuppressWarnings("NullAway.Init")
  private static EtcdProcess etcd;

  @SuppressWarnings("NullAway.Init")
  private static RealServers servers;

  private static @Nullable Proxy proxy;

  @SuppressWarnings("NullAway.Init")
  private static Path folder;

  private static List<String> places = List.of();

  @BeforeAll
  static void start() throws Exception {
    if (ETCD.isEmpty() || PROGRAM.isEmpty()) {
      assertThat(System.getenv("CI")).as("CI runs etcdctl: install it and etcd").isNull();
      return;
    }
    etcd = EtcdProcess.start(ETCD.get());
    servers = new RealServers();
    Proxy started = Proxy.start(ProxyConfig.of(servers.addresses(), new HostPort("127.0.0.1", 0)));
    proxy = started;
    folder = Files.createTempDirectory(Path.of("target"), "etcdctl-");
    until(() -> started.serves() && started.cluster().nearest().size() == 3);
    String all =
        servers.addresses().stream()
            .map(a -> a.host() + ":" + a.port())
            .collect(Collectors.joining(","));
    places =
        List.of(
            "127.0.0.1:" + etcd.port(),
            all,
            "127.0.0.1:" + started.addresses().getFirst().getPort());
  }

  @AfterAll
  static void stop() throws Exception {
    if (proxy != null) {
      proxy.stop();
      servers.close();
      etcd.close();
    }
  }

  /** etcdctl at one place, below a prefix of its own. */
  private record At(String place) {
    Process begin(String... words) {
      List<String> command = new ArrayList<>();
      command.add(PROGRAM.orElseThrow().toString());
      command.add("--endpoints=" + place);
      command.addAll(List.of(words));
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      try {
        Process process = builder.start();
        CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .execute(process::destroyForcibly);
        return process;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Returns what etcdctl prints, and its exit code. */
    String run(String... words) {
      return typed("", words);
    }

    String typed(String input, String... words) {
      Process process = begin(words);
      try (var stdin = process.outputWriter()) {
        stdin.write(input);
      } catch (IOException _) { // etcdctl ended without reading
        assertThat(input).isNotNull();
      }
      return ended(process);
    }

    static String ended(Process process) {
      try {
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return printed + "exit " + process.exitValue() + "\n";
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "interrupted";
      }
    }

    /** Reads lines of the output, then ends the process. */
    static String lines(Process process, int count) {
      StringBuilder lines = new StringBuilder();
      try (var reader = process.inputReader()) {
        for (int i = 0; i < count; i++) {
          lines.append(reader.readLine()).append('\n');
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        process.destroy();
      }
      return lines.toString();
    }
  }

  /** Runs the story at each place, and compares the output without ids, times and addresses. */
  private static void same(Function<At, String> story) {
    if (places.isEmpty()) {
      return;
    }
    Function<String, String> told = place -> bare(story.apply(new At(place)));
    var expected = CompletableFuture.supplyAsync(() -> told.apply(places.getFirst()), SIDE_BY_SIDE);
    String atServers = told.apply(places.get(1));
    String atProxy = told.apply(places.get(2)); // not at the same time: the store is the same
    assertThat(atServers).as("three servers").isEqualTo(expected.join());
    assertThat(atProxy).as("the proxy").isEqualTo(expected.join());
  }

  private static String bare(String printed) {
    return printed
        .replaceAll("\"(cluster_id|member_id|raft_term|leader_id)\":\\d+,?", "")
        .replace(",}", "}")
        .replaceAll("\"ts\":\"[^\"]*\"", "")
        .replaceAll("0x[0-9a-f]{6,}", "POINTER")
        .replaceAll("endpoint://client-[0-9a-f-]+/[^\"]*", "ENDPOINT")
        .replaceAll("\\b[0-9a-f]{8,16}\\b", "ID")
        .replaceAll("remaining\\(\\d+s\\)", "remaining")
        .replaceAll("took (= )?[\\d.]+[mµ]?s", "took")
        .replaceAll("127\\.0\\.0\\.1:\\d+", "PLACE");
  }

  private static void clear(At at) {
    var _ = at.run("del", "--prefix", "");
  }

  @Test
  void keysAreWrittenReadAndDeleted() {
    same(
        at -> {
          clear(at);
          return at.run("put", "a", "1")
              + at.run("put", "a", "2", "--prev-kv")
              + at.typed("from a pipe", "put", "b")
              + at.run("put", "c", "--ignore-value")
              + at.run("put", "a", "--ignore-value")
              + at.run("get", "a")
              + at.run("get", "--prefix", "", "--keys-only")
              + at.run("get", "a", "c", "--order=DESCEND", "--sort-by=MODIFY", "--limit=1")
              + at.run("get", "--from-key", "b", "--print-value-only")
              + at.run("get", "a", "-w", "fields").replaceAll("(?m)^.*(ID|Term|Revision).*$", "")
              + at.run("get", "a", "--rev=999999")
              + at.run("put", "x", "y", "--lease=4711")
              + at.typed("value(\"a\") = \"2\"\n\nput a 3\nget a\n\ndel a\n\n", "txn", "-i")
              + at.typed("mod(\"a\") > \"0\"\n\nput d 1\nput d 2\n\n\n", "txn")
              + at.run("del", "--prefix", "", "--prev-kv")
              + at.run("del", "nothing");
        });
  }

  @Test
  void watchesPrintWhatIsWritten() {
    same(
        at -> {
          clear(at);
          long from = revision(at) + 1;
          Process plain = at.begin("watch", "--prefix", "w", "--rev=" + from, "--prev-kv");
          Process typed = at.begin("watch", "-i");
          try (var stdin = typed.outputWriter()) {
            stdin.write("watch w1 --rev=" + from + "\n");
            stdin.flush();
            String written =
                at.run("put", "w1", "a")
                    + at.run("put", "w1", "b")
                    + at.run("put", "v", "not this")
                    + at.run("del", "w1");
            return written + At.lines(plain, 12) + At.lines(typed, 8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static long revision(At at) {
    String json = at.run("get", "none", "-w", "json");
    return Long.parseLong(json.replaceAll("(?s).*\"revision\":(\\d+).*", "$1"));
  }

  @Test
  void aWatchOfWhatIsCompactedSaysSo() {
    same(
        at -> {
          String written = at.run("put", "k", "1") + at.run("put", "k", "2");
          long now = revision(at);
          return written
              + at.run("compaction", Long.toString(now)).replace("revision " + now, "revision NOW")
              + at.run("compaction", Long.toString(now))
              + at.run("compaction", Long.toString(now + 9))
              + at.run("get", "k", "--rev=1")
              + at.run("watch", "k", "--rev=1");
        });
  }

  @Test
  void leasesAreGrantedRenewedToldAndRevoked() {
    same(
        at -> {
          clear(at);
          String granted = at.run("lease", "grant", "100");
          String id = granted.split(" ")[1];
          return granted
              + at.run("put", "leased", "x", "--lease=" + id)
              + at.run("lease", "timetolive", id)
              + at.run("lease", "timetolive", id, "--keys")
              + at.run("lease", "keep-alive", "--once", id)
              + at.run("lease", "list").contains(id)
              + At.lines(at.begin("lease", "keep-alive", id), 1)
              + at.run("lease", "revoke", id)
              + at.run("lease", "revoke", id)
              + at.run("lease", "timetolive", id)
              + at.run("lease", "keep-alive", "--once", id)
              + at.run("lease", "grant", "9999999999")
              + at.run("get", "leased");
        });
  }

  @Test
  void locksAndElectionsAreHeld() {
    same(
        at -> {
          clear(at);
          Process held = at.begin("lock", "m");
          String elected = At.lines(at.begin("elect", "e", "me"), 2);
          return At.lines(held, 1)
              + at.run("lock", "n", "--", "echo", "in between")
              + elected
              + At.lines(at.begin("elect", "e", ""), 2);
        });
  }

  @Test
  void maintenanceIsAnswered() {
    same(
        at ->
            at.run("alarm", "list")
                + at.run("alarm", "disarm")
                + once(at.run("defrag"))
                + once(at.run("endpoint", "health"))
                + at.run("move-leader", "1234567890abcdef").replaceAll("Error: .*", "Error"));
  }

  /** Each distinct line once, without addresses: the endpoints print the same. */
  private static String once(String printed) {
    return bare(printed).lines().distinct().collect(Collectors.joining("\n"));
  }

  @Test
  void usersNeedRootFirst() {
    for (String place : places.stream().skip(1).toList()) {
      assertThat(new At(place).run("auth", "enable")).contains("root user does not exist");
    }
  }

  @Test
  void aSnapshotIsSaved() throws IOException {
    for (String place : places.stream().skip(1).toList()) {
      At at = new At(place.split(",")[0]);
      Path file = folder.resolve("snapshot-" + places.indexOf(place));
      assertThat(at.run("snapshot", "save", file.toString()))
          .contains("Snapshot saved at", "exit 0");
      assertThat(Files.size(file)).isPositive();
    }
  }

  @Test
  void aMirrorIsMadeBothWays() throws Exception {
    if (places.isEmpty()) {
      return;
    }
    mirror(new At(places.get(2)), places.get(0), "there");
    mirror(new At(places.get(0)), places.get(2), "back");
  }

  private static void mirror(At from, String to, String word) throws Exception {
    assertThat(from.run("put", word + "/old", word)).isEqualTo("OK\nexit 0\n");
    Process mirror =
        from.begin(
            "make-mirror",
            "--prefix=" + word,
            "--dest-prefix=copy-" + word,
            "--dest-insecure-transport",
            to);
    try {
      assertThat(from.run("put", word + "/new", word)).isEqualTo("OK\nexit 0\n");
      At copy = new At(to);
      String[] keys = {"get", "--prefix", "copy-" + word, "--keys-only"};
      String copied = "copy-" + word + "/new\n\n";
      until(() -> copy.run(keys).equals(copied + "copy-" + word + "/old\n\nexit 0\n"));
      assertThat(from.run("del", word + "/old")).isEqualTo("1\nexit 0\n");
      until(() -> copy.run(keys).equals(copied + "exit 0\n"));
    } finally {
      mirror.destroy();
    }
  }
}
