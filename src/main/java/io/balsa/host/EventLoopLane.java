package io.balsa.host;

import io.balsa.bytes.Check;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A lane on an event loop that has other work too. Its tasks must not block. */
final class EventLoopLane implements Lane {
  private final EventLoop loop;
  private final Consumer<Throwable> uncaught;
  private final Runnable ended;
  private volatile boolean closed;

  /**
   * A lane.
   *
   * @param uncaught gets, on the loop, what a task threw; after that the lane is closed
   * @param ended runs when the lane is closed, on the closing thread
   */
  EventLoopLane(EventLoop loop, Consumer<Throwable> uncaught, Runnable ended) {
    this.loop = loop;
    this.uncaught = uncaught;
    this.ended = ended;
  }

  @Override
  public void run(Runnable task) {
    if (!closed) {
      try {
        loop.execute(() -> work(task));
      } catch (RejectedExecutionException _) {
        dropped();
      }
    }
  }

  @Override
  public void after(long delayNanos, Runnable task) {
    if (!closed) {
      try {
        var _ = loop.schedule(() -> work(task), delayNanos, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException _) {
        dropped();
      }
    }
  }

  /** The loop ends only after its lane, so the task came while the lane was closing. */
  private void dropped() {
    Check.that(closed, "an event loop outlives its lane");
  }

  private void work(Runnable task) {
    if (closed) {
      return;
    }
    try {
      task.run();
    } catch (Throwable failure) { // thread root: the host decides
      close();
      uncaught.accept(failure);
    }
  }

  @Override
  public void close() {
    closed = true;
    ended.run();
  }

  boolean isClosed() {
    return closed;
  }
}
