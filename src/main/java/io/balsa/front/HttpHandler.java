package io.balsa.front;

import java.util.function.Consumer;

/** Answers the requests of a path. Called on an event loop: it must not wait. */
@FunctionalInterface
public interface HttpHandler {
  /** Calls {@code done} once, now or later, on any thread. */
  void answer(HttpRequest request, Consumer<HttpResponse> done);

  /** As {@link #answer}, for a handler that may also answer bit by bit. */
  default void answer(HttpRequest request, HttpExchange exchange) {
    answer(request, exchange::send);
  }
}
