package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The launcher in a tree of its own, with a java and a mvn that only say what they are asked. */
@SharesCores
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
    List<String> command = new ArrayList<>(List.of("/bin/bash", TREE.resolve("balsa").toString()));
    command.addAll(List.of(words));
    return run(command);
  }

  /** A builder with the environment of a start. */
  private static ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder();
    builder.environment().keySet().removeIf(name -> name.startsWith("BALSA_"));
    builder.environment().put("PATH", TOOLS.toString());
    builder.environment().put("JAVA_HOME", TREE.resolve("jdk").toString());
    builder.environment().put("LC_ALL", "C");
    return builder;
  }

  private static Ran run(List<String> command) throws Exception {
    ProcessBuilder builder = builder().command(command);
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
        .contains(" -Xlog:aot*=off:stderr ")
        .contains("-XX:AOTCache=" + TREE.resolve("target/app/k/command.aot"))
        .endsWith("-jar " + TREE.resolve("target/app/k/balsa.jar") + " put a b\n");
    assertThat(TREE.resolve("ran")).hasContent("find");
  }

  /** Bash makes the folder, because java may not be able to name it in the locale of the test. */
  private static Ran runInAFolderWithAnotherLetter() throws Exception {
    String folder = TREE + "/se$(printf '\\303\\261')or";
    String copy =
        "/bin/cp -r %s/{balsa,src,pom.xml} \"$f\"; /bin/cp -r --preserve %s/target \"$f\";";
    String line = "f=%s; /bin/mkdir -p \"$f\"; " + copy + " exec /bin/bash \"$f/balsa\" --version";
    return run(List.of("/bin/bash", "-c", line.formatted(folder, TREE, TREE)));
  }

  @Test
  void aFolderMayHaveAnotherLetterInTheLocaleC() throws Exception {
    Ran run = runInAFolderWithAnotherLetter();

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("java C.UTF-8 ")
        .contains("-XX:AOTCache=" + TREE + "/se\u00f1or/target/app/k/command.aot")
        .endsWith("-jar " + TREE + "/se\u00f1or/target/app/k/balsa.jar --version\n");
  }

  /** The start-up cache here is no cache, of which java would warn. */
  @Test
  void theProgramStartsInSuchAFolderWithoutAWarning() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    script(TREE.resolve("jdk/bin/java"), "exec " + java + " \"$@\"");
    jar(TREE.resolve("target/app/k/balsa.jar"));

    Ran run = runInAFolderWithAnotherLetter();

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).matches("balsa \\d+\\.\\d+\\.\\d+\n");
  }

  /** A jar that only names the class path of this test. */
  private static void jar(Path file) throws IOException {
    List<String> parts = new ArrayList<>();
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      parts.add(Path.of(part).toUri().toString());
    }
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "io.balsa.cli.Main");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", parts));
    new JarOutputStream(Files.newOutputStream(file), manifest).close();
  }

  @Test
  void aTerminalShowsTheWaitForABuild() throws Exception {
    changeSources();
    script(TOOLS.resolve("mvn"), "/bin/sleep 0.5; echo '[ERROR] /A.java: wrong'; exit 1");
    script(TOOLS.resolve("sleep"), "exec /bin/sleep \"$@\"");

    try (PseudoTerminal terminal =
        PseudoTerminal.start(builder(), "/bin/bash " + TREE.resolve("balsa") + " --version")) {
      assertThat(terminal.exitCode()).isEqualTo(1);
      assertThat(terminal.screen()).contains("balsa: building, 0 s ", "/A.java: wrong");
    }
    Ran elsewhere = run("--version");
    assertThat(elsewhere.err()).contains("/A.java: wrong").doesNotContain("building, ");
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
