package io.balsa.cli;

import static io.balsa.host.Until.until;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import picocli.CommandLine;

/** A command that runs until it is interrupted or ends. */
final class RunningCommand implements AutoCloseable {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private final Thread thread;

  RunningCommand(String... args) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    String[] words = GoFlags.doubleDashed(args);
    thread = Thread.ofPlatform().start(() -> exitCode.complete(commandLine.execute(words)));
  }

  /** Waits for output that meets a condition. */
  String await(Predicate<String> hoped) throws Exception {
    until(() -> hoped.test(out.toString()));
    return out.toString();
  }

  /** Waits for its end. */
  CommandRun end() throws Exception {
    int code = exitCode.get(30, TimeUnit.SECONDS);
    return new CommandRun(code, out.toString(), err.toString());
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
