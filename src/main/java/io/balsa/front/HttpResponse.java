package io.balsa.front;

import io.balsa.bytes.Bytes;
import java.util.Map;

/**
 * The answer to an HTTP/1.1 request.
 *
 * @param headers further headers; the connection adds length and keepalive
 */
public record HttpResponse(
    int status, String contentType, Map<String, String> headers, Bytes body) {
  /** A line or more of plain text. */
  public static HttpResponse text(int status, String text) {
    return of(status, "text/plain; charset=utf-8", text);
  }

  /** A JSON document. */
  public static HttpResponse json(int status, String document) {
    return of(status, "application/json", document);
  }

  /** A document of any type. */
  public static HttpResponse of(int status, String contentType, String document) {
    return new HttpResponse(status, contentType, Map.of(), Bytes.utf8(document));
  }

  /** etcd's answer to a method that a page does not support. */
  public static HttpResponse onlyGet() {
    return new HttpResponse(
        405,
        "text/plain; charset=utf-8",
        Map.of("allow", "GET", "x-content-type-options", "nosniff"),
        Bytes.utf8("Method Not Allowed\n"));
  }
}
