package io.balsa.front;

import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;

/**
 * A request's way back: either one whole answer, or a beginning, pieces and an end. From any
 * thread, one at a time.
 */
public interface HttpExchange {
  /** What the answer holds of the budget; it ends when the answer has left. */
  Share share();

  /** The answer is a stream, and the request is kept until its end. */
  void keepsRequest();

  /** Sends the whole answer. */
  void send(HttpResponse response);

  /** Begins an answer of unknown length. */
  void begin(int status, String contentType);

  /** Sends a piece at once. */
  void write(Bytes piece);

  /** Ends an answer that was begun. */
  void end();

  /** Whether the client takes more; after it said no, what {@link #whenReady} was given is run. */
  boolean isReady();

  /** What to run, on the connection's event loop, each time there is room again. */
  void whenReady(Runnable task);

  /** Runs a task soon, on the connection's event loop, when others there have had their turn. */
  void later(Runnable task);

  /** What to run when the client has gone before the answer's end. */
  void whenGone(Runnable task);
}
