package io.balsa.front;

import io.balsa.bytes.Bytes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A complete HTTP/1.1 request.
 *
 * @param path the decoded path, without the query
 * @param query each parameter's values in their order
 * @param headers each header's last value, names in lower case
 */
public record HttpRequest(
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, String> headers,
    Bytes body) {
  /** Whether the query names a parameter, with a value or without. */
  public boolean asks(String parameter) {
    return query.containsKey(parameter);
  }

  /** A header's value; null when it was not sent. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }
}
