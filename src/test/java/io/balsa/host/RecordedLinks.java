package io.balsa.host;

import io.balsa.bytes.Bytes;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener that keeps what it was told, to be waited for. */
final class RecordedLinks implements Link.Listener {
  private final BlockingQueue<Link> opened = new LinkedBlockingQueue<>();
  private final BlockingQueue<Bytes> frames = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
  private final AtomicInteger openings = new AtomicInteger();
  private final boolean knowing;

  /** One that takes everybody for a stranger. */
  RecordedLinks() {
    this(false);
  }

  /**
   * A listener.
   *
   * @param knowing whether it knows at once who opens a link
   */
  RecordedLinks(boolean knowing) {
    this.knowing = knowing;
  }

  @Override
  public void opened(Link link) {
    openings.incrementAndGet();
    if (knowing) {
      link.known();
    }
    opened.add(link);
  }

  @Override
  public void received(Link link, Bytes frame) {
    frames.add(frame);
  }

  @Override
  public void closed(Link link, String reason) {
    closed.add(reason);
  }

  int openings() {
    return openings.get();
  }

  Link nextOpened() throws InterruptedException {
    return next(opened, "a link opened");
  }

  Bytes nextFrame() throws InterruptedException {
    return next(frames, "a frame");
  }

  String nextClosed() throws InterruptedException {
    return next(closed, "a link closed");
  }

  private static <T> T next(BlockingQueue<T> queue, String what) throws InterruptedException {
    T next = queue.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("waited 10 s for " + what);
    }
    return next;
  }
}
