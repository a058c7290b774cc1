package io.balsa.proxy;

/**
 * A client's call that a server has. The {@link Router} reports to it what it learns about the
 * server.
 */
interface InFlightCall {
  /** The server does not answer. */
  void silent();

  /** The server does not answer, and another server leads now. */
  void replaced();
}
