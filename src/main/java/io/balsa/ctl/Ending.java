package io.balsa.ctl;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jline.utils.Signals;

/**
 * Requests to end this process: SIGTERM, SIGINT, or the end of the process that started it. The
 * first request ends it gracefully, a second signal at once.
 */
public final class Ending {
  /** Exit codes as of a process that the signal ended: 128 and the signal's number. */
  private static final int INTERRUPTED = 130;

  private static final int TERMINATED = 143;

  private final CompletableFuture<Void> requested = new CompletableFuture<>();
  private volatile int exitCode;

  private Ending() {}

  /**
   * Listens for signals.
   *
   * @param withParent whether the end of standard input is a request; when the parent process holds
   *     the other side, it ends with the parent
   * @param ignoreInterrupt whether to ignore SIGINT
   */
  public static Ending listen(boolean withParent, boolean ignoreInterrupt) {
    Ending ending = new Ending();
    Signals.register("TERM", () -> ending.signalled(TERMINATED));
    if (ignoreInterrupt) {
      Signals.register("INT", () -> {});
    } else {
      Signals.register("INT", () -> ending.signalled(INTERRUPTED));
    }
    if (withParent) {
      Thread.ofPlatform().daemon().name("parent").start(ending::awaitEndOfInput);
    }
    return ending;
  }

  private void awaitEndOfInput() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException _) {
      // the other side is gone
    }
    parentEnded();
  }

  /** Counts no signal: a parent that sends one to its child often closes the child's input too. */
  private void parentEnded() {
    requested.complete(null);
  }

  private synchronized void signalled(int code) {
    if (exitCode != 0) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
    exitCode = code;
    requested.complete(null);
  }

  /** Returns at the first request. */
  public void await() {
    try {
      requested.get();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("a request does not fail", impossible);
    }
  }

  /** The exit code of a command that a signal ended: 130 for SIGINT, 143 for SIGTERM, else 0. */
  public int exitCode() {
    return exitCode;
  }

  /** Completes at the first request. */
  public CompletableFuture<Void> requested() {
    return requested;
  }
}
