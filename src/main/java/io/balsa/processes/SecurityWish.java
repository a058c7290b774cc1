package io.balsa.processes;

/**
 * How the servers of an instrument are to be secured.
 *
 * @param tls whether clients, proxy and servers speak TLS, each with a certificate
 * @param users whether users are in force, with {@code root} among them
 */
public record SecurityWish(boolean tls, boolean users) {
  /** Neither TLS nor users. */
  public static final SecurityWish NONE = new SecurityWish(false, false);

  /** The options that stand for it; empty for none. */
  String options() {
    return ((tls ? "--tls " : "") + (users ? "--auth" : "")).strip();
  }
}
