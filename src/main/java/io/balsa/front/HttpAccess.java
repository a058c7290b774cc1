package io.balsa.front;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages and which host names may use the HTTP/1.1 side of a port.
 *
 * <p>A browser sends a form or a simple script of any page to any address that it reaches, also to
 * loopback, with the user's network rights. It names the page's origin in {@code Origin} with every
 * request that may change something. Programs such as curl send no origin. So a request with an
 * origin that is not allowed is refused, whatever its content type is.
 *
 * <p>A page whose own host name was made to point here (DNS rebinding) names its origin, too, with
 * each request but GET and HEAD, and is refused. It can read what GET answers, unless {@code hosts}
 * lists the allowed names.
 *
 * @param origins the origins of pages that may send requests, etcd's {@code --cors}; {@code *} for
 *     all
 * @param hosts the host names that requests may ask for, etcd's {@code --host-whitelist}; {@code *}
 *     for all
 */
public record HttpAccess(Set<String> origins, Set<String> hosts) {
  private static final String ALL = "*";

  /** Methods that change nothing. A browser hides their answers from pages of another origin. */
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD");

  /** What a browser says in {@code Sec-Fetch-Site} of a request of another site's page. */
  private static final Set<String> OTHER_SITES = Set.of("cross-site", "same-site");

  /** No web page, and all host names. */
  public static final HttpAccess DEFAULT = new HttpAccess(Set.of(), Set.of(ALL));

  public HttpAccess {
    origins = lowerCase(origins);
    hosts = lowerCase(hosts);
  }

  /** Browsers send origins and host names in lower case. */
  private static Set<String> lowerCase(Set<String> names) {
    return names.stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The answer to a request that is refused; null if it is allowed. */
  @Nullable HttpResponse refusal(HttpRequest request) {
    String host = hostName(request.header("host"));
    if (!hosts.contains(ALL) && !hosts.contains(host)) {
      return HttpResponse.text(421, "balsa: requests for the host " + host + " are refused\n");
    }
    String page = page(request);
    if (page == null || SAFE_METHODS.contains(request.method())) {
      return null;
    }
    if (!isAllowed(page)) {
      return JsonGateway.refused("balsa: requests of web pages are refused, this one of " + page);
    }
    return request.method().equals("OPTIONS") ? HttpResponse.text(200, "") : null;
  }

  /** The headers that let a page of an allowed origin read the answer. */
  Map<String, String> headers(HttpRequest request) {
    String page = page(request);
    if (page == null || !isAllowed(page)) {
      return Map.of();
    }
    return Map.of(
        "access-control-allow-origin",
        origins.contains(ALL) ? ALL : page,
        "access-control-allow-methods",
        "POST, GET, OPTIONS, PUT, DELETE",
        "access-control-allow-headers",
        "accept, content-type, authorization",
        "vary",
        "Origin");
  }

  private boolean isAllowed(String page) {
    return origins.contains(ALL) || origins.contains(page);
  }

  /** The origin of the page that makes the request; null if no page does. */
  private static @Nullable String page(HttpRequest request) {
    String origin = request.header("origin");
    if (origin != null) {
      return origin;
    }
    String site = request.header("sec-fetch-site");
    return site != null && OTHER_SITES.contains(site) ? "another site" : null;
  }

  /** The host name of a {@code Host} header, without its port. */
  static String hostName(@Nullable String header) {
    if (header == null) {
      return "";
    }
    String host = header.strip().toLowerCase(Locale.ROOT);
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end < 0 ? host : host.substring(1, end);
    }
    return List.of(host.split(":", -1)).getFirst();
  }
}
