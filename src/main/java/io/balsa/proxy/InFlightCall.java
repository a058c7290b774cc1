package io.balsa.proxy;

/** What a server has of a client's call, as the {@link Router} sees it. */
interface InFlightCall {
  /** The server that has it does not answer. */
  void silent();

  /** The server that has it does not answer, and another leads meanwhile. */
  void replaced();
}
