package io.balsa.front;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The handler of each path. A path that ends in {@code /} also stands for all paths below it. The
 * longest matching path wins; without a match the answer is 404.
 */
public final class HttpRoutes {
  private final Map<String, HttpHandler> handlers = new LinkedHashMap<>();
  private final HttpAccess access;

  /** No routes; requests of web pages are refused. */
  public HttpRoutes() {
    this(HttpAccess.DEFAULT);
  }

  /**
   * No routes.
   *
   * @param access who may use them
   */
  public HttpRoutes(HttpAccess access) {
    this.access = access;
  }

  HttpAccess access() {
    return access;
  }

  /** The same routes and one more. */
  public HttpRoutes with(String path, HttpHandler handler) {
    HttpRoutes more = new HttpRoutes(access);
    more.handlers.putAll(handlers);
    more.handlers.put(path, handler);
    return more;
  }

  /** The handler of a path; a handler that answers 404 if there is none. */
  HttpHandler find(String path) {
    HttpHandler exact = handlers.get(path);
    if (exact != null) {
      return exact;
    }
    for (int end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
      HttpHandler above = handlers.get(path.substring(0, end + 1));
      if (above != null) {
        return above;
      }
    }
    return (_, done) -> done.accept(HttpResponse.text(404, "404 page not found\n"));
  }
}
