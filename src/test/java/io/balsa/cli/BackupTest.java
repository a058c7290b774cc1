package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.house.SharesCores;
import io.balsa.server.BalsaServer;
import io.balsa.server.ServerFailure;
import io.balsa.server.ServerSettings;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backups, taken of a real server in this process and restored into another. */
@SharesCores
class BackupTest {
  private static final Path FOLDER = Path.of("target", "backup-test");
  private static final Path FILE = FOLDER.resolve("backup.db");

  private BalsaServer server;
  private String endpoint;

  @BeforeEach
  void start() throws IOException, ServerFailure {
    TestFolders.delete(FOLDER);
    start("data");
  }

  private void start(String name) throws IOException, ServerFailure {
    server = BalsaServer.start(settings(name));
    endpoint = OnLoopback.endpoint(server);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    TestFolders.delete(FOLDER);
  }

  private static ServerSettings settings(String name) {
    return OnLoopback.settings(
        FOLDER.resolve(name), "--initial-advertise-peer-urls=http://127.0.0.1:1");
  }

  private CommandRun run(String... words) {
    return CommandRun.of(
        Stream.concat(Stream.of(words), Stream.of(endpoint)).toArray(String[]::new));
  }

  private void fill() {
    run("put", "a", "1");
    run("put", "b", "2");
    run("put", "a", "3");
    run("del", "b");
    run("compact", "3");
  }

  private static CommandRun restore(String into) {
    return CommandRun.of(
        "restore",
        FILE.toString(),
        "--data-dir=" + FOLDER.resolve(into),
        "--initial-cluster=default=http://127.0.0.1:1");
  }

  @Test
  void whatIsRestoredHasTheSameRevisionsInAnotherCluster() throws IOException, ServerFailure {
    fill();
    assertThat(run("snapshot", "save", FILE.toString()).out())
        .isEqualTo("Snapshot saved at " + FILE + "\nServer version 3.7.0\nrevision 5, 1 keys\n");
    assertThat(Files.size(FILE) % 512).isEqualTo(32);
    assertThat(CommandRun.of("snapshot", "status", FILE.toString()).out())
        .matches("[0-9a-f]{1,8}, 5, 1, \\d+ kB\n");
    run("put", "later", "x");
    String before = run("get", "a", "-w", "json").out();
    server.close();

    CommandRun restored = restore("restored");
    assertThat(restored.err()).isEmpty();
    assertThat(restored.out()).startsWith("restored revision 5, 1 keys, as member ");
    start("restored");

    assertThat(run("get", "a").out()).isEqualTo("a\n3\n");
    assertThat(run("get", "b", "--rev=4").out()).isEqualTo("b\n2\n");
    assertThat(run("get", "later").out()).isEmpty();
    assertThat(run("get", "a", "--rev=2").err()).contains("compacted");
    String after = run("get", "a", "-w", "json").out();
    assertThat(after).contains("\"create_revision\":2,\"mod_revision\":4,\"version\":2");
    assertThat(clusterId(after)).isNotEqualTo(clusterId(before));
    assertThat(run("put", "next", "1", "-w", "json").out()).contains("\"revision\":6");
  }

  private static String clusterId(String json) {
    return json.replaceFirst(".*\"cluster_id\":(\\d+).*\\s*", "$1");
  }

  @Test
  void theStatusHasEtcdutlsForms() {
    fill();
    run("snapshot", "save", FILE.toString());

    assertThat(CommandRun.of("snapshot", "status", FILE.toString(), "-w", "fields").out())
        .matches("\"Hash\" : \\d+\n\"Revision\" : 5\n\"Keys\" : 1\n\"Size\" : \\d+\n");
    assertThat(CommandRun.of("snapshot", "status", FILE.toString(), "-w", "json").out())
        .matches("\\{\"hash\":\\d+,\"revision\":5,\"totalKey\":1,\"totalSize\":\\d+,.*}\n");
  }

  @Test
  void snapshotRestoreIsRestore() {
    fill();
    run("snapshot", "save", FILE.toString());
    String[] restore = {
      "snapshot", "restore", FILE.toString(), "--data-dir=" + FOLDER.resolve("other")
    };

    for (String refused : List.of("--wal-dir=x", "--skip-hash-check", "--bump-revision=9")) {
      CommandRun run =
          CommandRun.of(
              Stream.concat(Stream.of(restore), Stream.of(refused)).toArray(String[]::new));
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).startsWith("balsa snapshot restore: ").contains(refused.split("=")[0]);
    }
    assertThat(FOLDER.resolve("other")).doesNotExist();
    assertThat(CommandRun.of(restore).out()).startsWith("restored revision 5, 1 keys");
  }

  @Test
  void damageIsToldInALine() throws IOException {
    fill();
    run("snapshot", "save", FILE.toString());
    try (FileChannel file = FileChannel.open(FILE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {1}), file.size() / 2);
    }
    CommandRun damaged = restore("restored");
    assertThat(damaged.exitCode()).isEqualTo(2);
    assertThat(damaged.err())
        .isEqualTo(
            "balsa restore: "
                + FILE
                + " cannot be used: its bytes do not have the digest at its end: it is damaged\n");
    try (FileChannel file = FileChannel.open(FILE, StandardOpenOption.WRITE)) {
      file.truncate(file.size() - 100);
    }
    assertThat(CommandRun.of("snapshot", "status", FILE.toString()).err())
        .contains("it was cut off or is none");
  }

  @Test
  void aDirectoryWithSomethingInItIsLeftAlone() {
    fill();
    run("snapshot", "save", FILE.toString());
    assertThat(restore("restored").exitCode()).isZero();
    CommandRun second = restore("restored");
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.err())
        .contains(
            "data directory " + FOLDER.resolve("restored") + ": not empty, there is 'origin'");
  }

  @Test
  void aRestoreThatWasCutOffIsNotStarted() throws IOException, ServerFailure {
    fill();
    run("snapshot", "save", FILE.toString());
    restore("restored");
    Files.createFile(FOLDER.resolve("restored").resolve("restoring"));
    assertThatThrownBy(() -> BalsaServer.start(settings("restored")))
        .isInstanceOf(ServerFailure.class)
        .hasMessageContaining("restore again");
    assertThat(restore("restored").exitCode()).isZero();
    server.close();
    start("restored");
    assertThat(run("get", "a").out()).isEqualTo("a\n3\n");
  }

  @Test
  void aRestoreForOtherMembersIsNotStarted() throws IOException, ServerFailure {
    fill();
    run("snapshot", "save", FILE.toString());
    restore("restored");
    ServerSettings others =
        OnLoopback.settings(
            FOLDER.resolve("restored"), "--initial-advertise-peer-urls=http://127.0.0.1:2");
    assertThatThrownBy(() -> BalsaServer.start(others))
        .isInstanceOf(ServerFailure.class)
        .hasMessageContaining(
            "data directory "
                + FOLDER.resolve("restored")
                + ": it was restored for other members than the flags of this server name"
                + " (only restored: default=http://127.0.0.1:1;"
                + " only in the flags: default=http://127.0.0.1:2): start it with");
    ServerSettings otherToken =
        OnLoopback.settings(
            FOLDER.resolve("restored"),
            "--initial-advertise-peer-urls=http://127.0.0.1:1",
            "--initial-cluster-token=other");
    assertThatThrownBy(() -> BalsaServer.start(otherToken))
        .isInstanceOf(ServerFailure.class)
        .hasMessageContaining(
            "restored for these members, but with another --initial-cluster-token");
    server.close();
    start("restored");
    assertThat(run("get", "a").out()).isEqualTo("a\n3\n");
  }

  @Test
  void etcdctlTakesABackup() throws IOException, InterruptedException {
    Optional<Path> etcdctl =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .map(folder -> Path.of(folder, "etcdctl"))
            .filter(Files::isExecutable)
            .findFirst();
    if (etcdctl.isEmpty()) {
      assertThat(System.getenv("CI")).as("CI has etcd's clients").isNull();
      return;
    }
    fill();
    ProcessBuilder save =
        new ProcessBuilder(etcdctl.get().toString(), "snapshot", "save", FILE.toString(), endpoint);
    save.environment().put("ETCDCTL_API", "3");
    Process process = save.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(CommandRun.of("snapshot", "status", FILE.toString()).out()).contains(", 5, 1, ");
    assertThat(restore("restored").exitCode()).isZero();
  }
}
