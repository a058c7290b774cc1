package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The launcher in a tree of its own, with a java and a mvn that only say what they are asked. */
class LauncherTest {
  private static final Path TREE = Path.of("target", "launcher-test").toAbsolutePath();
  private static final Path TOOLS = TREE.resolve("tools");

  /** The exit code and the output of a start. */
  private record Ran(int exitCode, String out, String err) {}

  @BeforeEach
  void build() throws IOException {
    TestFolders.delete(TREE);
    copy("balsa");
    copy("src/main/launcher/start.sh");
    write(TREE.resolve("pom.xml"), "");
    write(TREE.resolve("jdk/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"25.0.3\"\n");
    script(TREE.resolve("jdk/bin/java"), "echo java \"$LC_ALL\" \"$@\"");
    write(TREE.resolve("target/app/k/balsa.jar"), "");
    write(TREE.resolve("target/app/k/command.aot"), "x");
    write(TREE.resolve("target/app/name"), "k\n");
    Files.createSymbolicLink(TREE.resolve("target/app/current"), Path.of("k"));
    write(TREE.resolve("target/app/built"), "");
    Files.setLastModifiedTime(
        TREE.resolve("target/app/built"), FileTime.from(Instant.now().plusSeconds(60)));
    for (String tool : List.of("mkdir", "touch", "flock", "grep", "tail", "find")) {
      script(
          TOOLS.resolve(tool),
          "echo " + tool + " >>" + TREE + "/ran; exec /usr/bin/" + tool + " \"$@\"");
    }
  }

  private static void copy(String file) throws IOException {
    Files.createDirectories(TREE.resolve(file).getParent());
    Files.copy(Path.of(file), TREE.resolve(file));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void script(Path file, String body) throws IOException {
    write(file, "#!/bin/bash\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void changeSources() throws IOException {
    write(TREE.resolve("src/main/A.java"), "");
    Files.setLastModifiedTime(
        TREE.resolve("src/main/A.java"), FileTime.from(Instant.now().plusSeconds(600)));
  }

  private static Ran run(String... words) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/bin/bash", TREE.resolve("balsa").toString());
    builder.command().addAll(List.of(words));
    builder.environment().keySet().removeIf(name -> name.startsWith("BALSA_"));
    builder.environment().put("PATH", TOOLS.toString());
    builder.environment().put("JAVA_HOME", TREE.resolve("jdk").toString());
    builder.environment().put("LC_ALL", "C");
    builder.redirectError(TREE.resolve("err").toFile());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), out, Files.readString(TREE.resolve("err")));
  }

  @Test
  void aStartRunsOneOtherProgramAndSetsALocaleForAllFiles() throws Exception {
    Ran run = run("put", "a", "b");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("java C.UTF-8 ")
        .contains("-XX:AOTCache=" + TREE.resolve("target/app/k/command.aot"))
        .endsWith("-jar " + TREE.resolve("target/app/k/balsa.jar") + " put a b\n");
    assertThat(TREE.resolve("ran")).hasContent("find");
  }

  @Test
  void withoutMavenWhatWasBuiltRuns() throws Exception {
    changeSources();

    Ran run = run("--version");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).endsWith("--version\n");
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains(
            "sources are newer than what was built", "Maven is missing", "runs what was built");
  }

  @Test
  void withoutANetworkOneLineSaysSo() throws Exception {
    changeSources();
    script(
        TOOLS.resolve("mvn"),
        "echo '[ERROR] Non-resolvable import POM: Could not transfer artifact"
            + " io.grpc:grpc-bom:pom:1.85.1 from/to central: Unknown host repo.example'; exit 1");
    Files.delete(TREE.resolve("target/app/current"));

    Ran run = run("--version");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains("Maven could not download", "io.grpc:grpc-bom", "build.log");
  }
}
