package io.balsa.cli;

import static io.balsa.host.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.balsa.host.FreePorts;
import io.balsa.processes.Launch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A server or proxy in a process of its own, with limits of its own. */
final class ServerProcess implements AutoCloseable {
  private final ProcessBuilder builder;
  private final Process process;
  private final Thread reader;
  private final int port;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private ServerProcess(ProcessBuilder builder, int port) throws IOException {
    this.builder = builder;
    this.process = builder.start();
    this.port = port;
    this.reader = Thread.ofPlatform().daemon().start(this::read);
  }

  /**
   * Starts one.
   *
   * @param before shell commands before it, such as {@code ulimit -n 256;}
   * @param more flags
   */
  static ServerProcess start(String before, Path data, String... more) throws IOException {
    List<Integer> ports = FreePorts.choose(2);
    List<String> command = new ArrayList<>(List.of("bash", "-c", before + " exec \"$@\"", "bash"));
    command.addAll(Launch.ofThisProcess().command());
    command.addAll(
        List.of(
            "server",
            "--data-dir=" + data,
            "--listen-client-urls=http://127.0.0.1:" + ports.get(0),
            "--listen-peer-urls=http://127.0.0.1:" + ports.get(1)));
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    return new ServerProcess(builder, ports.get(0));
  }

  /**
   * Starts a proxy.
   *
   * @param before shell commands before it
   * @param servers the addresses of its servers
   */
  static ServerProcess startProxy(String before, String servers) throws IOException {
    int port = FreePorts.choose(1).getFirst();
    return program(
        before, port, "proxy", "--endpoints=" + servers, "--listen-addr=127.0.0.1:" + port);
  }

  /**
   * Starts a server without flags.
   *
   * @param before shell commands before it, which export what the flags would say
   * @param port where it listens for clients
   */
  static ServerProcess startAlone(String before, int port) throws IOException {
    return program(before, port, "server");
  }

  private static ServerProcess program(String before, int port, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("bash", "-c", before + " exec \"$@\"", "bash"));
    command.addAll(Launch.ofThisProcess().command());
    command.addAll(List.of(arguments));
    return new ServerProcess(new ProcessBuilder(command).redirectErrorStream(true), port);
  }

  /** Starts it once more, as it was. */
  ServerProcess again() throws IOException {
    return new ServerProcess(builder, port);
  }

  private void read() {
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      out.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException _) {
      lines.add("(no more is read)");
    }
  }

  int port() {
    return port;
  }

  /** The flag that names it to a command. */
  String endpoint() {
    return "--endpoints=127.0.0.1:" + port;
  }

  /** The lines that it has printed. */
  List<String> lines() {
    return lines;
  }

  boolean runs() {
    return process.isAlive();
  }

  /** Waits until it has printed a line that holds a text. */
  void await(String text) throws Exception {
    until(
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("it ended: " + lines);
          }
          return lines.stream().anyMatch(line -> line.contains(text));
        });
  }

  /** Waits for its end, and until its last lines are read. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("it goes on: " + lines);
    }
    if (!reader.join(Duration.ofSeconds(30))) {
      throw new AssertionError("its output goes on: " + lines);
    }
    return process.exitValue();
  }

  /** Ends it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to end, as systemd does. */
  void terminate() {
    process
        .toHandle()
        .destroy(); // Process.destroy would close the output, whose last lines are read
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
