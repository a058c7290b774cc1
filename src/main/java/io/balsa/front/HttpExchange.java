package io.balsa.front;

import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The way to answer one request: either {@link #send}, or {@link #begin}, {@link #write} and {@link
 * #end}. Any thread may call it, one at a time.
 */
public interface HttpExchange {
  /** The share of the budget that the answer holds; it ends when the answer has left. */
  Share share();

  /** The client's address; null when there is no connection. */
  @Nullable SocketAddress client();

  /** Says that the request is needed until the end of the answer. */
  void keepsRequest();

  /** Sends the whole answer. */
  void send(HttpResponse response);

  /** Begins an answer of unknown length. */
  void begin(int status, String contentType);

  /** Sends a piece at once. */
  void write(Bytes piece);

  /** Ends an answer that was begun. */
  void end();

  /** Whether the client reads; after a no, the task of {@link #whenReady} runs later. */
  boolean isReady();

  /** Sets the task that the connection's event loop runs each time there is room again. */
  void whenReady(Runnable task);

  /** Runs a task on the connection's event loop, after the other tasks there. */
  void later(Runnable task);

  /** Sets the task that runs if the client goes before the answer's end. */
  void whenGone(Runnable task);
}
