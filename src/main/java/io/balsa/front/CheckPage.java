package io.balsa.front;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A page that runs named checks, as etcd's {@code /livez} and {@code /readyz}. It answers 200 and
 * {@code ok}, or 503 and the checks that failed. {@code ?verbose} lists every check, and {@code
 * ?exclude=NAME} leaves one out. Each check also has a page of its own below this one.
 */
public final class CheckPage implements HttpHandler {
  private final String path;
  private final Map<String, HealthCheck> checks;
  private final Observer observer;

  /** Hears of each check that a page ran. */
  @FunctionalInterface
  public interface Observer {
    /**
     * A check has ended.
     *
     * @param page the page's path without the slash, such as {@code livez}
     */
    void checked(String page, String check, boolean well);
  }

  /** A page that nobody observes. */
  public CheckPage(String path, Map<String, HealthCheck> checks) {
    this(path, checks, (_, _, _) -> {});
  }

  /**
   * @param path the page's own path, such as {@code /livez}
   * @param checks the checks by their names, run in this order
   */
  public CheckPage(String path, Map<String, HealthCheck> checks, Observer observer) {
    this.path = path;
    this.checks = new LinkedHashMap<>(checks);
    this.observer = observer;
  }

  /** The routes with this page and those below it. */
  public HttpRoutes addTo(HttpRoutes routes) {
    HttpRoutes more = routes.with(path, this);
    for (String name : checks.keySet()) {
      more = more.with(path + "/" + name, this);
    }
    return more;
  }

  @Override
  public void answer(HttpRequest request, Consumer<HttpResponse> done) {
    if (!request.method().equals("GET")) {
      done.accept(HttpResponse.onlyGet());
    } else {
      run(chosen(request), 0, new StringBuilder(), true, request.asks("verbose"), done);
    }
  }

  private List<String> chosen(HttpRequest request) {
    if (!request.path().equals(path)) {
      return List.of(request.path().substring(path.length() + 1));
    }
    List<String> names = new ArrayList<>(checks.keySet());
    names.removeAll(request.query().getOrDefault("exclude", List.of()));
    return names;
  }

  private void run(
      List<String> names,
      int next,
      StringBuilder report,
      boolean well,
      boolean verbose,
      Consumer<HttpResponse> done) {
    if (next == names.size()) {
      done.accept(page(report, well, verbose));
      return;
    }
    String name = names.get(next);
    check(name)
        .run(
            reason -> {
              observer.checked(path.substring(1), name, reason.isEmpty());
              report.append(line(name, reason));
              run(names, next + 1, report, well && reason.isEmpty(), verbose, done);
            });
  }

  private HealthCheck check(String name) {
    return checks.getOrDefault(name, done -> done.accept("no such check"));
  }

  private static String line(String name, String reason) {
    return reason.isEmpty() ? "[+]" + name + " ok\n" : "[-]" + name + " failed: " + reason + "\n";
  }

  private static HttpResponse page(StringBuilder report, boolean well, boolean verbose) {
    String body = well ? (verbose ? report : "") + "ok\n" : report + "\n";
    return new HttpResponse(
        well ? 200 : 503,
        "text/plain; charset=utf-8",
        Map.of("x-content-type-options", "nosniff"),
        Bytes.utf8(body));
  }
}
