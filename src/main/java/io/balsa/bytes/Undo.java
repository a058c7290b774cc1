package io.balsa.bytes;

/**
 * Undoes a step, unless the steps after it succeed: a resource that is opened first is closed when
 * what needs it cannot be opened. To be used in a try statement, whose last step before the return
 * is {@link #cancel}.
 *
 * @param <E> what undoing may throw
 */
public final class Undo<E extends Exception> implements AutoCloseable {
  private final Step<E> step;
  private boolean cancelled;

  /** One that runs the step at its end. */
  public Undo(Step<E> step) {
    this.step = step;
  }

  /** All steps have succeeded: nothing is undone. */
  public void cancel() {
    cancelled = true;
  }

  @Override
  public void close() throws E {
    if (!cancelled) {
      step.run();
    }
  }

  /** What undoes a step. */
  @FunctionalInterface
  public interface Step<E extends Exception> {
    /** Undoes it. */
    void run() throws E;
  }
}
