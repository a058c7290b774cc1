package io.balsa.processes;

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
public final class ChildProcess {
  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  static ChildProcess start(Launch launch, List<String> arguments, Path log) {
    try {
      return new ChildProcess(
          launch
              .process(arguments)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start());
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot start " + launch.command(), failed);
    }
  }

  public long pid() {
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
  public void stop() {
    process.destroy();
  }

  /** SIGKILL; returns when it is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd(Duration.ofSeconds(10));
  }

  /** SIGKILL without waiting. */
  public void killSoon() {
    process.destroyForcibly();
  }

  /** SIGSTOP: it stands still. */
  public void pause() {
    signal("STOP");
  }

  /** SIGCONT: it goes on. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot signal process " + process.pid(), failed);
    } catch (InterruptedException interrupted) {
      throw Awaiting.interrupted(interrupted);
    }
  }

  /** Whether it ended in that time. */
  public boolean awaitEnd(Duration limit) {
    try {
      return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      throw Awaiting.interrupted(interrupted);
    }
  }
}
