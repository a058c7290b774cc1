package io.balsa.host;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A link over one gRPC stream. Frames go to gRPC at once while it accepts them; otherwise they wait
 * here, within a bound. The listener is called on the event loop alone, and never after {@code
 * closed}.
 */
final class GrpcLink implements Link {
  /** The most bytes that may wait for the peer: several appends of the largest size. */
  static final int WAITING_BYTES_MAX = 64 << 20;

  /** One direction of a gRPC call, called by one thread at a time. */
  interface Stream {
    boolean isReady();

    void send(Bytes frame);

    /** Ends the direction after the frames that were sent. */
    void finish();

    /** The server knows the peer that opened the link. */
    default void known() {}

    /** See {@link Link#unproved}. */
    default @Nullable String unproved(List<String> hosts) {
      return null;
    }
  }

  private enum State {
    OPEN,
    CLOSING,
    ENDED
  }

  private final EventLoop loop;
  private final Listener listener;
  private final Stream stream;
  private final Consumer<GrpcLink> forgotten;

  private final Queue<Bytes> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicInteger passesWanted = new AtomicInteger();
  private volatile State state = State.OPEN;
  private boolean finished;

  GrpcLink(EventLoop loop, Listener listener, Stream stream, Consumer<GrpcLink> forgotten) {
    this.loop = loop;
    this.listener = listener;
    this.stream = stream;
    this.forgotten = forgotten;
  }

  @Override
  public boolean send(Bytes frame) {
    Check.that(frame.size() <= Network.FRAME_BYTES_MAX, "a frame is not larger than its maximum");
    if (state != State.OPEN) {
      return false;
    }
    if (waitingBytes.addAndGet(frame.size()) > WAITING_BYTES_MAX) {
      waitingBytes.addAndGet(-frame.size());
      return false;
    }
    waiting.add(frame);
    pass();
    return true;
  }

  @Override
  public void close() {
    if (state == State.OPEN) {
      state = State.CLOSING;
      ended("closed by this server"); // passes the last frames on; the peer's end comes after
    }
  }

  @Override
  public void known() {
    stream.known();
  }

  @Override
  public @Nullable String unproved(List<String> hosts) {
    return stream.unproved(hosts);
  }

  /** The peer has answered. */
  void opened() {
    tell(() -> listener.opened(this));
  }

  void received(Bytes frame) {
    tell(() -> listener.received(this, frame));
  }

  /** The stream has ended; the listener gets the first reason. */
  void ended(String reason) {
    tell(() -> onEnded(reason));
  }

  private void onEnded(String reason) {
    if (state == State.OPEN) {
      waiting.clear();
    }
    state = State.ENDED;
    pass();
    forgotten.accept(this);
    listener.closed(this, reason);
  }

  private void tell(Runnable event) {
    if (!loop.inEventLoop()) {
      loop.execute(() -> tell(event));
    } else if (state != State.ENDED) {
      event.run();
    }
  }

  /**
   * Passes on the waiting frames, as far as gRPC accepts them. A gRPC stream must not be written to
   * by two threads at once, so the first thread also writes the frames that other threads add
   * meanwhile.
   */
  void pass() {
    if (passesWanted.getAndIncrement() != 0) {
      return;
    }
    int done = 1;
    do {
      passOnce();
      done = passesWanted.addAndGet(-done);
    } while (done != 0);
  }

  private void passOnce() {
    while (!finished && (stream.isReady() || state != State.OPEN)) {
      Bytes frame = waiting.poll();
      if (frame == null) {
        break;
      }
      waitingBytes.addAndGet(-frame.size());
      send(stream, frame);
    }
    if (state != State.OPEN && !finished) {
      finished = true;
      stream.finish();
    }
  }

  /**
   * Clients may hold all memory outside the heap for a while. That ends the link and not the lane.
   */
  private void send(Stream to, Bytes frame) {
    try {
      to.send(frame);
    } catch (OutOfMemoryError e) {
      if (!Containment.isOutOfDirectMemory(e)) {
        throw e;
      }
      finished = true; // gRPC has ended the stream
      String reason = "no memory to send with: " + e.getMessage();
      loop.execute(() -> ended(reason)); // later: who sends is in the midst of something
    }
  }
}
