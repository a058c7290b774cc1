package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.forms.RawText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** etcd's own command-line client: the one that BALSA_ETCDCTL names, else the one on the PATH. */
record EtcdctlRun(Path program, int minor) {
  private static final Pattern VERSION = Pattern.compile("etcdctl version: 3\\.(\\d+)\\.");

  /** The program; empty on a developer's machine without it. */
  static Optional<EtcdctlRun> find() throws IOException, InterruptedException {
    String chosen = System.getenv("BALSA_ETCDCTL");
    Optional<Path> found =
        chosen != null
            ? Optional.of(Path.of(chosen))
            : Arrays.stream(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, "etcdctl"))
                .filter(Files::isExecutable)
                .findFirst();
    if (found.isEmpty()) {
      assertThat(System.getenv("CI")).as("CI runs etcdctl: install it").isNull();
      return Optional.empty();
    }
    CommandRun run = new EtcdctlRun(found.get(), 0).run(ByteString.EMPTY, "version");
    Matcher version = VERSION.matcher(run.out());
    assertThat(version.find()).as(run.out()).isTrue();
    return Optional.of(new EtcdctlRun(found.get(), Integer.parseInt(version.group(1))));
  }

  /** Runs it; its words are text as {@link RawText} has it. */
  CommandRun run(ByteString input, String... words) throws IOException, InterruptedException {
    String line =
        Stream.concat(Stream.of(program.toString()), Stream.of(words))
            .map(EtcdctlRun::shellWord)
            .reduce("exec", (before, word) -> before + " " + word);
    Process process = new ProcessBuilder("/bin/sh", "-c", line).start();
    try (OutputStream in = process.getOutputStream()) {
      input.writeTo(in);
    } catch (IOException _) { // it ended without reading
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    process.getInputStream().transferTo(out);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    process.getErrorStream().transferTo(err);
    return CommandRun.of(process.waitFor(), out, err);
  }

  /** Java would encode the word by the locale; the shell makes each of its bytes. */
  private static String shellWord(String word) {
    List<String> octal = new ArrayList<>();
    for (byte each : RawText.bytes(word).toByteArray()) {
      octal.add("\\%03o".formatted(Byte.toUnsignedInt(each)));
    }
    // the shell drops ends of line at the end
    return word.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\'')
        ? "'" + word + "'"
        : "\"$(printf '" + String.join("", octal) + "')\"";
  }
}
