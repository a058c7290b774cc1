package io.balsa.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that this one started. Its standard input is a pipe from this process, so it notices
 * when this process ends. Its output goes to a file.
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

  /**
   * The exit code.
   *
   * @throws IllegalThreadStateException while the process runs
   */
  int exitCode() {
    return process.exitValue();
  }

  /** Runs a task after the process has ended. */
  void onEnd(Runnable task) {
    var _ = process.onExit().thenRun(task);
  }

  /** SIGTERM: asks the process to end. */
  public void stop() {
    process.destroy();
  }

  /** SIGKILL; waits for the end of the process, 10 s at most. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd(Duration.ofSeconds(10));
  }

  /** SIGKILL without waiting. */
  public void killSoon() {
    process.destroyForcibly();
  }

  /** SIGSTOP. */
  public void pause() {
    signal("STOP");
  }

  /** SIGCONT. */
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

  /** Waits for the end of the process; false when it still runs after the limit. */
  public boolean awaitEnd(Duration limit) {
    try {
      return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      throw Awaiting.interrupted(interrupted);
    }
  }
}
