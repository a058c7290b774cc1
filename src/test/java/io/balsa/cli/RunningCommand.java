package io.balsa.cli;

import static io.balsa.host.Until.until;

import io.balsa.forms.RawWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import picocli.CommandLine;

/** A command that runs until it is interrupted or ends. */
final class RunningCommand implements AutoCloseable {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private final Thread thread;

  RunningCommand(String... args) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new RawWriter(out));
    commandLine.setErr(new RawWriter(err));
    thread = Thread.ofPlatform().start(() -> exitCode.complete(Main.execute(commandLine, args)));
  }

  /** Waits for output that meets a condition. */
  String await(Predicate<String> hoped) throws Exception {
    until(() -> hoped.test(out.toString(StandardCharsets.UTF_8)));
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What it has printed to standard error. */
  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Waits for its end. */
  CommandRun end() throws Exception {
    int code = exitCode.get(30, TimeUnit.SECONDS);
    return CommandRun.of(code, out, err);
  }

  /** Ends it as a signal does. */
  CommandRun interrupt() throws Exception {
    thread.interrupt();
    return end();
  }

  boolean runs() {
    return !exitCode.isDone();
  }

  @Override
  public void close() {
    thread.interrupt();
    exitCode.orTimeout(30, TimeUnit.SECONDS).join();
  }
}
