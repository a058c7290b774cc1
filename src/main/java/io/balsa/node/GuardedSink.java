package io.balsa.node;

import io.balsa.kv.WatchAnswer;
import io.balsa.kv.WatchSink;
import java.lang.System.Logger.Level;
import java.util.function.BooleanSupplier;

/**
 * A sink whose failure ends its stream alone. What cannot be sent to one client, for want of a
 * buffer or by a fault, is nothing that the watch lane or another client should end by.
 */
final class GuardedSink implements WatchSink {
  private static final System.Logger LOG = System.getLogger("io.balsa.node");

  private final WatchSink sink;
  private final Runnable failed;
  private boolean broken;

  /**
   * @param failed told once, in the middle of whatever the hub does
   */
  GuardedSink(WatchSink sink, Runnable failed) {
    this.sink = sink;
    this.failed = failed;
  }

  private boolean guard(BooleanSupplier task) {
    if (broken) {
      return false;
    }
    try {
      return task.getAsBoolean();
    } catch (RuntimeException | OutOfMemoryError e) { // thread root: ends one client's stream
      broken = true;
      LOG.log(Level.WARNING, "a watch stream ends, it cannot be told: " + e);
      end();
      failed.run();
      return false;
    }
  }

  private void end() {
    try {
      sink.end(End.FAILED);
    } catch (RuntimeException | OutOfMemoryError e) { // thread root: its client is gone, then
      LOG.log(Level.DEBUG, "a failed watch stream cannot be ended", e);
    }
  }

  /** Ends the stream; nothing more is sent. */
  void giveUp() {
    if (!broken) {
      broken = true;
      end();
    }
  }

  private void guarded(Runnable task) {
    var _ =
        guard(
            () -> {
              task.run();
              return true;
            });
  }

  @Override
  public boolean isReady() {
    return guard(sink::isReady);
  }

  @Override
  public boolean takeRoom(long bytes) {
    return guard(() -> sink.takeRoom(bytes));
  }

  @Override
  public void send(WatchAnswer answer) {
    guarded(() -> sink.send(answer));
  }

  @Override
  public void flush(boolean more) {
    guarded(() -> sink.flush(more));
  }

  @Override
  public long wholeBytesMax() {
    return sink.wholeBytesMax();
  }

  @Override
  public void end(End why) {
    guarded(() -> sink.end(why));
  }
}
