package io.balsa.cli;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jline.utils.Signals;

/**
 * The wish that a process end: SIGTERM, SIGINT, or the end of the process that started it. The
 * first wish is granted gracefully, the second at once.
 */
final class Ending {
  private static final int KILLED = 130;

  private final CompletableFuture<Void> wished = new CompletableFuture<>();

  private Ending() {}

  /**
   * Listens for signals.
   *
   * @param withParent whether the end of standard input counts, which is the parent's end when that
   *     holds the other side
   * @param ignoreInterrupt whether SIGINT does not count
   */
  static Ending listen(boolean withParent, boolean ignoreInterrupt) {
    Ending ending = new Ending();
    Signals.register("TERM", ending::wish);
    if (ignoreInterrupt) {
      Signals.register("INT", () -> {});
    } else {
      Signals.register("INT", ending::wish);
    }
    if (withParent) {
      Thread.ofPlatform().daemon().name("parent").start(ending::awaitEndOfInput);
    }
    return ending;
  }

  private void awaitEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        Thread.onSpinWait(); // whatever comes is not for us
      }
    } catch (IOException _) {
      wish();
      return;
    }
    wish();
  }

  private synchronized void wish() {
    if (wished.isDone()) {
      Runtime.getRuntime().halt(KILLED);
    }
    wished.complete(null);
  }

  /** Returns at the first wish. */
  void await() {
    try {
      wished.get();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("a wish does not fail", impossible);
    }
  }

  /** Completes at the first wish. */
  CompletableFuture<Void> wished() {
    return wished;
  }
}
