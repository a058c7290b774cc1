package io.balsa.cli;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import io.balsa.server.BalsaServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys of one cluster in another one. */
@SharesCores
@Timeout(60)
class MakeMirrorTest {
  private static final Path FOLDER = Path.of("target", "make-mirror-test");

  private static BalsaServer source;
  private static BalsaServer destination;
  private static String from;
  private static String to;

  @BeforeAll
  static void start() throws Exception {
    TestFolders.delete(FOLDER);
    source = BalsaServer.start(OnLoopback.settings(FOLDER.resolve("from")));
    destination = BalsaServer.start(OnLoopback.settings(FOLDER.resolve("to")));
    from = OnLoopback.endpoint(source);
    to = OnLoopback.endpoint(destination);
  }

  @AfterAll
  static void stop() throws Exception {
    source.close();
    destination.close();
    TestFolders.delete(FOLDER);
  }

  private static String address() {
    return to.substring("--endpoints=".length());
  }

  private static void put(String key, String value) {
    assertThat(CommandRun.of("put", key, value, from).exitCode()).isZero();
  }

  private static void awaitCopies(String prefix, String wanted) throws Exception {
    until(() -> CommandRun.of("get", "--prefix", prefix, to).out().equals(wanted));
  }

  @Test
  void keysAndThenChangesAreCopied() throws Exception {
    put("a/1", "one");
    put("a/2", "two\udcff");
    put("b", "not");
    try (RunningCommand mirror =
        new RunningCommand(
            "make-mirror",
            from,
            "--prefix",
            "a/",
            "--dest-prefix=copy/",
            "--max-txn-ops=1",
            address())) {
      awaitCopies("copy/", "copy/1\none\ncopy/2\ntwo\udcff\n");
      assertThat(CommandRun.of("del", "a/", "--prefix", from).out()).isEqualTo("2\n");
      put("a/3", "three");
      awaitCopies("copy/", "copy/3\nthree\n");
      assertThat(mirror.runs()).isTrue();
    }
    assertThat(CommandRun.of("get", "b", to).out()).isEmpty();
  }

  @Test
  void withARevisionOnlyChangesAreCopied() throws Exception {
    put("c/1", "old");
    String json = CommandRun.of("get", "c/1", from, "-w", "json").out();
    long next = Long.parseLong(json.replaceAll("(?s).*\"revision\":(\\d+).*", "$1")) + 1;
    put("c/2", "new");
    try (RunningCommand _ =
        new RunningCommand(
            "make-mirror", from, "--prefix=c/", "--no-dest-prefix", "--rev=" + next, address())) {
      awaitCopies("2", "2\nnew\n");
    }
    assertThat(CommandRun.of("get", "1", to).out()).isEmpty();
  }

  @Test
  void whatIsNotSupportedIsRefusedByName() {
    for (String option :
        new String[] {
          "--dest-cert=x",
          "--dest-key=x",
          "--dest-cacert=x",
          "--dest-user=x",
          "--dest-password=x",
          "--dest-insecure-transport=false"
        }) {
      CommandRun run = CommandRun.of("make-mirror", "127.0.0.1:1", option);

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err())
          .startsWith("balsa make-mirror: " + option.replaceFirst("=x", "") + ": ")
          .endsWith("leave it out\n");
    }
    assertThat(
            CommandRun.of("make-mirror", "x:1", "--dest-prefix=a", "--no-dest-prefix").exitCode())
        .isEqualTo(2);
  }
}
