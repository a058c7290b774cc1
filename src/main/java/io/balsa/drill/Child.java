package io.balsa.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process of ours. Its standard input is a pipe from this process, so that it sees when this
 * process is no more; what it prints goes to a file.
 */
final class Child {
  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  static Child start(Launch launch, List<String> arguments, Path log) {
    try {
      return new Child(
          launch
              .process(arguments)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start());
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot start " + launch.command(), failed);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** How it ended; only once it has. */
  int exitCode() {
    return process.exitValue();
  }

  /** Runs a task once it has ended. */
  void onEnd(Runnable task) {
    var _ = process.onExit().thenRun(task);
  }

  /** SIGTERM: it may finish what it does. */
  void stop() {
    process.destroy();
  }

  /** SIGKILL; returns when it is gone. */
  void kill() {
    process.destroyForcibly();
    awaitEnd(Duration.ofSeconds(10));
  }

  /** SIGKILL without waiting. */
  void killSoon() {
    process.destroyForcibly();
  }

  /** SIGSTOP: it stands still. */
  void pause() {
    signal("STOP");
  }

  /** SIGCONT: it goes on. */
  void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot signal process " + process.pid(), failed);
    } catch (InterruptedException interrupted) {
      throw Waiting.interrupted(interrupted);
    }
  }

  /** Whether it ended in that time. */
  boolean awaitEnd(Duration limit) {
    try {
      return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      throw Waiting.interrupted(interrupted);
    }
  }
}
