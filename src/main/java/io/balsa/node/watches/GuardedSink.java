package io.balsa.node.watches;

import io.balsa.lanes.LostAnswers;
import io.balsa.logging.LogEvent;
import io.balsa.model.Caller;
import io.balsa.model.Span;
import io.balsa.watch.WatchAnswer;
import io.balsa.watch.WatchSink;
import org.jspecify.annotations.Nullable;

/**
 * A sink whose failure ends its own stream alone. An answer to one client may fail for want of a
 * buffer or by a fault. The watch lane and the other clients go on.
 */
final class GuardedSink implements WatchSink {
  private static final LogEvent NOT_ENDED =
      LogEvent.debug("io.balsa.node", "a watch stream cannot be ended");

  private final WatchSink sink;
  private final Runnable failed;
  private boolean broken;

  /**
   * @param failed called once, on the watch lane, while the hub is at work
   */
  GuardedSink(WatchSink sink, Runnable failed) {
    this.sink = sink;
    this.failed = failed;
  }

  /** Ends the stream; nothing more is sent. */
  void giveUp() {
    if (!broken) {
      broken = true;
      end(End.FAILED);
    }
  }

  /** Ends this stream. */
  private void fail(Throwable failure) {
    broken = true;
    LostAnswers.add(failure);
    end(End.FAILED);
    failed.run();
  }

  @Override
  public boolean isReady() {
    try {
      return !broken && sink.isReady();
    } catch (RuntimeException | OutOfMemoryError e) { // thread root: ends one client's stream
      fail(e);
      return false;
    }
  }

  @Override
  public boolean takeRoom(long bytes) {
    try {
      return !broken && sink.takeRoom(bytes);
    } catch (RuntimeException | OutOfMemoryError e) { // thread root: ends one client's stream
      fail(e);
      return false;
    }
  }

  @Override
  public void judged(Caller caller, Span span, WatchAnswer.@Nullable Refusal denial) {
    try {
      sink.judged(caller, span, denial);
    } catch (RuntimeException | OutOfMemoryError e) { // thread root: ends one client's stream
      fail(e);
    }
  }

  @Override
  public void send(WatchAnswer answer) {
    try {
      if (!broken) {
        sink.send(answer);
      }
    } catch (RuntimeException | OutOfMemoryError e) { // thread root: ends one client's stream
      fail(e);
    }
  }

  @Override
  public void flush(boolean more) {
    try {
      if (!broken) {
        sink.flush(more);
      }
    } catch (RuntimeException | OutOfMemoryError e) { // thread root: ends one client's stream
      fail(e);
    }
  }

  @Override
  public long messageBytesMax() {
    return sink.messageBytesMax();
  }

  @Override
  public void end(End why) {
    try {
      sink.end(why);
    } catch (IllegalStateException e) { // its call has ended meanwhile
      NOT_ENDED.log("error", e);
    } catch (RuntimeException | OutOfMemoryError e) { // thread root: ends one client's stream
      LostAnswers.add(e);
    }
  }
}
