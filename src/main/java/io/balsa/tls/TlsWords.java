package io.balsa.tls;

import io.netty.handler.ssl.NotSslRecordException;

/** Words about why a handshake failed. */
final class TlsWords {
  private TlsWords() {}

  static String of(Throwable failure) {
    if (failure instanceof NotSslRecordException) {
      return "the other side does not speak TLS";
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }
}
