package io.balsa.cli;

import static io.balsa.host.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.balsa.processes.Launch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A program at a terminal of its own, which script of util-linux gives it. */
final class PseudoTerminal implements AutoCloseable {
  static final String INTERRUPT = "\003";

  private final Process process;
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final Thread reader;

  private PseudoTerminal(Process process) {
    this.process = process;
    this.reader = Thread.ofPlatform().daemon().start(this::read);
  }

  /**
   * Runs the program.
   *
   * @param before shell commands before it, such as {@code stty cols 100;}
   */
  static PseudoTerminal ofProgram(String before, String... words) throws IOException {
    String line =
        Stream.concat(Launch.ofThisProcess().command().stream(), Stream.of(words))
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" "));
    return start(new ProcessBuilder(), before + " exec " + line);
  }

  /**
   * Runs a line of the shell.
   *
   * @param builder has its environment
   */
  static PseudoTerminal start(ProcessBuilder builder, String line) throws IOException {
    builder.command(new ArrayList<>(List.of("/usr/bin/script", "-qefc", line, "/dev/null")));
    builder.environment().put("SHELL", "/bin/bash");
    return new PseudoTerminal(builder.redirectErrorStream(true).start());
  }

  private void read() {
    try {
      process.getInputStream().transferTo(screen);
    } catch (IOException e) {
      screen.writeBytes(("(no more is read: " + e + ")").getBytes(UTF_8));
    }
  }

  void type(String text) throws IOException {
    process.getOutputStream().write(text.getBytes(UTF_8));
    process.getOutputStream().flush();
  }

  /** All that was shown. */
  String screen() {
    return screen.toString(UTF_8);
  }

  /** Waits until a text was shown. */
  void await(String text) throws Exception {
    until(
        () -> {
          if (!reader.isAlive() && !screen().contains(text)) {
            throw new AssertionError("it ended: " + screen());
          }
          return screen().contains(text);
        });
  }

  /** Waits for the end of the program. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("it goes on: " + screen());
    }
    reader.join();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
