package io.balsa.tls;

/** A file for TLS that cannot be used. The message is one line that names the file. */
public final class TlsFailure extends Exception {
  private static final long serialVersionUID = 1;

  TlsFailure(String line) {
    super(line);
  }

  TlsFailure(String line, Throwable cause) {
    super(line, cause);
  }

  /** The line. */
  public String line() {
    return String.valueOf(getMessage());
  }
}
