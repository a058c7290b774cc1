package io.balsa.front;

import java.util.function.Consumer;

/** Answers the requests of a path. It is called on an event loop and must not block. */
@FunctionalInterface
public interface HttpHandler {
  /** Calls {@code done} once, now or later, on any thread. */
  void answer(HttpRequest request, Consumer<HttpResponse> done);

  /** The same for a handler that may answer in pieces. */
  default void answer(HttpRequest request, HttpExchange exchange) {
    answer(request, exchange::send);
  }
}
